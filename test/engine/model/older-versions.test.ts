import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { runProbe } from '../../../src/engine/model/probe.js';
import { largestDifference } from '../../support/reference/largest-difference.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('runs a model of the first version, whose graphs have the head inside and take one token a run', async () => {
  const modelFolder = join(temporaryFolder(), 'model');
  cpSync(fixturePath('models', 'version-1'), modelFolder, { recursive: true });
  const { model, manifest } = await loadModel({ modelFolder, device: 'cpu', threads: 2 });
  try {
    expect(manifest.schemaVersion).toBe(1);
    expect(model.tokensPerRun).toBe(1);
    const { steps, features } = await runProbe(model);
    const recorded = manifest.probe!;
    // Recorded by the program that converted it; 8-bit kernels differ a little between processors.
    const valuesOf = (all: typeof steps): number[] => all.flatMap(({ topValues }) => topValues);
    expect(largestDifference(valuesOf(steps), valuesOf(recorded.steps))).toBeLessThan(0.05);
    const pictures = [features!, recorded.features!].map((list) => list.map(([, value]) => value));
    expect(largestDifference(pictures[0], pictures[1])).toBeLessThan(0.05);
  } finally {
    await model.close();
  }
});
