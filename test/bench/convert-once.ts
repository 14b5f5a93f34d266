// One conversion in a process of its own: SOURCE TARGET DTYPE.
import type { Dtype } from '../../src/base/dtype.js';
import { convertCheckpoint } from '../../src/weights/convert/convert-checkpoint.js';
import type { ConvertMeasurement } from './bench-convert.js';
import { readMemory } from './process-memory.js';
import { paligemmaTokens } from './random-checkpoint.js';

const [sourceFolder, targetFolder, dtype] = process.argv.slice(2) as [string, string, Dtype];
const startedAt = performance.now();
await convertCheckpoint({
  sourceFolder,
  targetFolder,
  dtype,
  tokens: paligemmaTokens,
  paliVersion: 'bench',
  source: { path: 'random weights' },
});
const measurement: ConvertMeasurement = {
  seconds: (performance.now() - startedAt) / 1000,
  peakMB: readMemory().peak,
};
process.send!(measurement);
