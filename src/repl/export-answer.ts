import { writeFile } from 'node:fs/promises';
import { UsageError } from '../base/errors.js';
import { createCocoRenderer } from '../render/coco.js';
import { createCsvRenderer } from '../render/csv.js';
import { createJsonlRenderer, createJsonRenderer } from '../render/json.js';
import { createRawRenderer } from '../render/raw.js';
import type { ResultRenderer } from '../render/result-renderer.js';
import { createTextRenderer } from '../render/text.js';
import { resolvePath } from './resolve-path.js';
import type { LastAnswer } from './session-state.js';

const renderers: Record<string, () => ResultRenderer> = {
  json: createJsonRenderer,
  jsonl: createJsonlRenderer,
  text: () => createTextRenderer({ withInputName: false, isTerminal: false, isColored: false }),
  csv: createCsvRenderer,
  coco: () => createCocoRenderer({ segmentation: 'rle' }),
  raw: () => createRawRenderer({ withInputName: false }),
};

/** What /export writes. */
export const exportFormats = Object.keys(renderers);

/**
 * Write the answer to a file, as the command line's formats do.
 * @throws {UsageError} an unknown format, or a file that cannot be written.
 */
export async function exportAnswer({ result }: LastAnswer, format: string, path: string): Promise<void> {
  const create = Object.hasOwn(renderers, format) ? renderers[format] : undefined;
  if (create === undefined) {
    throw new UsageError('COMMAND', `There is no format '${format}'.`, {
      hint: `Formats: ${exportFormats.join(', ')}.`,
    });
  }
  const renderer = create();
  const text = renderer.start() + renderer.renderResult(result) + renderer.end();
  try {
    await writeFile(resolvePath(path), text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${why}.`, {
      hint: 'Choose another place for it.',
      cause,
    });
  }
}
