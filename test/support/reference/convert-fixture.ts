import type { Dtype } from '../../../src/base/dtype.js';
import type { ModelManifest } from '../../../src/base/model-manifest.js';
import { loadTokenizer } from '../../../src/tokens/load-tokenizer.js';
import { convertCheckpoint } from '../../../src/weights/convert/convert-checkpoint.js';
import type { ConvertOptions } from '../../../src/weights/convert/convert-options.js';

/** Convert a checkpoint folder, as an import does. @param targetFolder must not exist. */
export async function convertFixture(
  sourceFolder: string,
  targetFolder: string,
  dtype: Dtype = 'fp32',
  options: Pick<ConvertOptions, 'signal' | 'onProgress'> = {},
): Promise<ModelManifest> {
  const { tokens } = await loadTokenizer(sourceFolder);
  const source = { path: sourceFolder };
  return convertCheckpoint({
    sourceFolder,
    targetFolder,
    dtype,
    tokens,
    paliVersion: '0.0.0',
    source,
    ...options,
  });
}
