import { listWeightFiles, type WeightMap } from './checkpoint-index.js';
import { canonicalName } from './key-layout.js';
import type { TensorRow } from './tensor-table.js';

/**
 * The files of a checkpoint in the order in which a conversion needs them.
 * @param table in the order in which tensors are read.
 */
export function orderShards(index: WeightMap | undefined, table: readonly TensorRow[]): string[] {
  const files = listWeightFiles(index);
  const places = new Map(table.map(({ name }, place) => [name, place]));
  const firstUse = new Map(files.map((file) => [file, table.length]));
  for (const [name, file] of Object.entries(index ?? {})) {
    const place = places.get(canonicalName(name)) ?? table.length;
    firstUse.set(file, Math.min(firstUse.get(file) ?? table.length, place));
  }
  return files.sort((a, b) => firstUse.get(a)! - firstUse.get(b)!);
}
