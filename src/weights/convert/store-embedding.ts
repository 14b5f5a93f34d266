import { floatsToHalf } from '../../base/half-float.js';
import type { CheckpointTensor } from '../checkpoint/open-safetensors.js';
import type { TensorDtype } from '../checkpoint/safetensors-header.js';
import type { StoredWeight, WeightFile } from '../graph/weight-file.js';

/** Rows copied at a time: 4 MiB of float32 for a width of 2048. */
const SLICE_ROWS = 512;

/**
 * Copy the embedding table row by row. The engine reads single rows from this file; a dense output head maps
 * the same file as its matrix.
 * @param dtype the table's own element type (copied byte for byte), or a wider one, or F16 for F32.
 */
export async function storeEmbedding(
  table: CheckpointTensor,
  dtype: TensorDtype,
  file: WeightFile,
  onWeights: (count: number) => void,
): Promise<StoredWeight> {
  const [rows, width] = table.shape as [number, number];
  const isCopied = dtype === (await table.readDtype());
  const offset = await file.begin(rows * width * (dtype === 'F32' ? 4 : 2));
  for (let start = 0; start < rows; start += SLICE_ROWS) {
    const count = Math.min(SLICE_ROWS, rows - start);
    if (isCopied) await file.append(await table.readRawRows(start, count));
    else {
      const values = await table.readRows(start, count);
      await file.append(dtype === 'F32' ? values : floatsToHalf(values));
    }
    onWeights(count * width);
  }
  return file.finish(
    'language_model.embed_tokens.weight',
    dtype === 'F32' ? 'float32' : 'float16',
    [rows, width],
    offset,
  );
}
