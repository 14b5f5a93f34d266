import type { KnownCheckpoint } from '../../models/known-checkpoints.js';
import { formatTable } from './format-table.js';

/** Known checkpoints with what they take, headings first: bfloat16 to download, on disk and in memory by form. */
export function formatKnownCheckpoints(checkpoints: readonly KnownCheckpoint[], isTerminal: boolean): string {
  const forms = (checkpoints[0]?.forms ?? []).map(({ dtype }) => dtype.toUpperCase());
  const headings = ['CHECKPOINT', 'DOWNLOAD', ...forms.flatMap((form) => [form, `${form} MEMORY`])];
  const rows = checkpoints.map(({ repository, downloadBytes, forms: taken }) => [
    repository,
    ...[downloadBytes, ...taken.flatMap(({ diskBytes, memoryBytes }) => [diskBytes, memoryBytes])].map(
      (bytes) => `${(bytes / 1e9).toFixed(1)} GB`,
    ),
  ]);
  return formatTable([headings, ...rows], isTerminal);
}
