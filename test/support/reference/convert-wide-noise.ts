import { fixturePath } from '../../../fixtures/index.js';
import type { Dtype } from '../../../src/base/dtype.js';
import { loadTokenizer } from '../../../src/tokens/load-tokenizer.js';
import { readConfig } from '../../../src/weights/checkpoint/read-config.js';
import { makeSyntheticCheckpoint } from '../../../src/weights/checkpoint/synthetic-checkpoint.js';
import { convertCheckpoint } from '../../../src/weights/convert/convert-checkpoint.js';

/** Write a model of noise with the demo's tower and tokenizer, and one text layer whose matrices have more than 1 MiB each in 4 bits. */
export async function convertWideNoise(targetFolder: string, dtype: Dtype): Promise<void> {
  const sourceFolder = fixturePath('demo');
  const known = await readConfig(sourceFolder);
  const shape = { layers: 1, hiddenSize: 1024, intermediateSize: 2304, heads: 10, headDim: 128 };
  const config = { ...known, text: { ...known.text, ...shape } };
  const { tokens } = await loadTokenizer(sourceFolder);
  await convertCheckpoint(
    { sourceFolder, targetFolder, dtype, tokens, paliVersion: '0.0.0', source: { path: 'noise' } },
    async () => ({ config, checkpoint: makeSyntheticCheckpoint(config) }),
  );
}
