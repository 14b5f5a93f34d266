import { formatOf, isFilesFormat } from '../../render/formats/result-formats.js';
import type { OutputOptions } from '../options/output-options.js';

/** Whether pictures that differ in their extensions alone would share a file of the format. */
export function sharesNames({
  format,
  split,
  extension,
}: Pick<OutputOptions, 'format' | 'split' | 'extension'>): boolean {
  const row = formatOf(format);
  const isApart = split !== undefined || (row.keepsExtension === true && extension === undefined);
  return isFilesFormat(row) && !isApart;
}
