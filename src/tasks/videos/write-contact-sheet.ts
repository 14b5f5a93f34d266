import { isObjectResult } from '../../base/task-result.js';
import { ContactSheet } from '../../image/draw/contact-sheet.js';
import { writeImage } from '../../image/draw/encode-image.js';
import { drawDetections } from '../../render/drawing/overlay.js';
import { formatTimestamp } from '../../render/format-time.js';
import { checkFolder } from './check-folder.js';
import type { TaskOutput } from '../answers/task-output.js';

/**
 * Put every frame that passes through on a sheet of small pictures, with its time and answer, or with its boxes. The
 * sheet is written at the end; if the work is cut short, it is written with what there is, unless it must be complete
 * or not written at all.
 *
 * @param path .png, .jpg or .webp.
 * @throws {UsageError} the picture cannot be written.
 */
export async function* writeContactSheet<Output extends TaskOutput>(
  outputs: AsyncIterable<Output>,
  path: string,
  { isWholeOrNothing = false }: { readonly isWholeOrNothing?: boolean } = {},
): AsyncGenerator<Output, void, undefined> {
  await checkFolder(path);
  const sheet = new ContactSheet();
  let isWanted = !isWholeOrNothing;
  try {
    for await (const output of outputs) {
      const { result, image } = output;
      if (image !== undefined && result.frame !== undefined) {
        const detections = result.detections ?? [];
        const isObjects = isObjectResult(result);
        const picture = isObjects ? await drawDetections(image, detections) : image;
        const found =
          detections.length === 0 ? 'none found' : detections.map(({ label }) => label).join(', ');
        const text = isObjects ? found : (result.text ?? '');
        await sheet.add(picture, formatTimestamp(result.frame.timeSeconds), result.error ? 'failed' : text);
      }
      yield output;
    }
    isWanted = true;
  } finally {
    const picture = isWanted ? await sheet.draw() : undefined;
    if (picture !== undefined) await writeImage(picture, path);
  }
}
