import { ModelError } from '../../base/errors.js';
import type { Checkpoint } from './open-checkpoint.js';
import { printable } from './safetensors-header.js';
import type { TensorRow } from './tensor-table.js';

/**
 * Check a checkpoint against the table: every tensor present, with its shape, and no others.
 * @throws {ModelError} one is missing, misshapen or surplus; the sentence names the first.
 */
export function checkTensors(
  checkpoint: Pick<Checkpoint, 'folder' | 'tensors'>,
  table: readonly TensorRow[],
): void {
  for (const row of table) {
    const tensor = checkpoint.tensors.get(row.name);
    if (!tensor) {
      if (row.isOptional) continue;
      throw unfit(checkpoint, `tensor ${row.name} is missing`);
    }
    if (tensor.shape.join() !== row.shape.join()) {
      throw unfit(
        checkpoint,
        `tensor ${tensor.name} has shape [${tensor.shape.join(', ')}], config.json asks for [${row.shape.join(', ')}]`,
      );
    }
  }
  const known = new Set(table.map((row) => row.name));
  const surplus = [...checkpoint.tensors]
    .filter(([name]) => !known.has(name))
    .map(([, tensor]) => tensor.name);
  if (surplus.length > 0) {
    const count = surplus.length === 1 ? 'a tensor' : `${surplus.length} tensors`;
    throw unfit(
      checkpoint,
      `it holds ${count} that the model has no use for, such as ${printable(surplus[0])}`,
    );
  }
}

function unfit({ folder }: Pick<Checkpoint, 'folder'>, why: string): ModelError {
  return new ModelError('CHECKPOINT_UNFIT', `The weights in ${folder} do not fit its config.json: ${why}.`, {
    hint: 'Check that config.json and the safetensors files come from the same checkpoint and revision.',
  });
}
