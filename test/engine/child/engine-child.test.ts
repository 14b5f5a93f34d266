import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/base/errors.js';
import { createEngine } from '../../../src/engine/client/engine-client.js';
import type { Engine, EngineEvent, EngineRequest } from '../../../src/engine/engine.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { toModelPixels } from '../../../src/image/resize/to-model-pixels.js';
import { loadTokenizer } from '../../../src/tokens/load-tokenizer.js';
import { convertCheckpoint } from '../../../src/weights/convert/convert-checkpoint.js';

const reference = fileURLToPath(new URL('../../../fixtures/reference', import.meta.url));
const checkpoint = join(reference, 'checkpoints/pg1-tiny');
/** Below it two tokens nearly tie; from fixtures/reference/README.md. */
const MIN_MARGIN = 1e-3;

interface Golden {
  readonly prompt: string;
  readonly images: readonly string[];
  readonly steps: { readonly ids: readonly number[]; readonly margins: readonly number[] };
}

let folder: string;
let engine: Engine;
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-engine-'));
  const modelFolder = join(folder, 'model');
  const { tokens } = await loadTokenizer(checkpoint);
  await convertCheckpoint({
    sourceFolder: checkpoint,
    targetFolder: modelFolder,
    dtype: 'fp32',
    tokens,
    paliVersion: '0',
    source: { path: 'pg1-tiny' },
  });
  engine = createEngine(
    { modelName: 'tiny', modelFolder, device: 'auto', threads: 1 },
    { fork: (path, args, options) => (child = fork(path, args, options)) },
  );
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** The reference's prompts with their pictures. */
async function readGolden(): Promise<{ golden: Golden; request: EngineRequest }[]> {
  const text = await readFile(join(reference, 'golden/pg1-tiny/golden.jsonl'), 'utf8');
  const lines = text.trim().split('\n');
  return Promise.all(
    lines.map(async (line) => {
      const golden = JSON.parse(line) as Golden;
      const images = golden.images.map(async (name) => {
        return toModelPixels(await decodeImage(join(reference, name)), 56);
      });
      const sampling = { temperature: 0, topP: 1, seed: 0 };
      const { prompt } = golden;
      return {
        golden,
        request: { images: await Promise.all(images), prompt, maxTokens: 24, sampling, alternatives: 0 },
      };
    }),
  );
}

async function lastOf(events: AsyncIterable<EngineEvent>): Promise<Extract<EngineEvent, { type: 'done' }>> {
  for await (const event of events) if (event.type === 'done') return event;
  throw new Error('The answer has no end.');
}

describe("the engine's own program", () => {
  it('answers the reference prompts, all at the same time, as transformers does', async () => {
    const all = await readGolden();
    const answers = await Promise.all(all.map(({ request }) => lastOf(engine.ask(request))));
    for (const [i, { golden }] of all.entries()) {
      const { ids, margins } = golden.steps;
      const tie = margins.findIndex((margin) => margin < MIN_MARGIN);
      const wanted = ids.filter((id) => id !== 1).slice(0, tie < 0 ? undefined : tie);
      const got = answers[i].tokens.map(({ id }) => id);
      // What repeats is left out, and the reference has no such rule.
      const isCut = answers[i].stop === 'repetition';
      expect(got.slice(0, wanted.length)).toEqual(isCut ? wanted.slice(0, got.length) : wanted);
    }
    expect(answers.filter(({ stop }) => stop !== 'repetition').length).toBeGreaterThan(all.length / 2);
  });

  it("leaves the terminal's Ctrl-C to its parent", async () => {
    await engine.load();
    child!.kill('SIGINT');
    const [{ request }] = await readGolden();
    expect((await lastOf(engine.ask(request))).tokens.length).toBeGreaterThan(0);
    expect(child!.exitCode).toBeNull();
  });

  it('ends when its parent lets go of it', async () => {
    await engine.load();
    const ended = once(child!, 'exit');
    child!.disconnect();
    expect(await ended).toEqual([0, null]);
  });

  it('passes on why a model does not load', async () => {
    const missing = createEngine({ modelName: 'none', modelFolder: join(folder, 'none'), device: 'cpu' });
    await expect(missing.load()).rejects.toThrow(ModelError);
    await missing.close();
  });
});
