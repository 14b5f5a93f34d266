import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { embedPicture } from '../report/embed-picture.js';
import { createReportWriter } from '../report/report-writer.js';
import { toResultObject } from './result-object.js';
import type { ResultRenderer } from './result-renderer.js';

/**
 * A self-contained page that shows the results: reduced pictures with boxes and masks over them, filters, and marks.
 * @param maxPictureCharacters for all pictures together; the usual limit when absent.
 */
export function createHtmlRenderer(maxPictureCharacters?: number): ResultRenderer {
  const writer = createReportWriter(maxPictureCharacters === undefined ? {} : { maxPictureCharacters });
  return {
    start: () => writer.start(),
    renderResult: (result) => writer.result(toResultObject(result)),
    renderWithPicture: async (result: TaskResult, image: RgbImage | undefined) => {
      const picture = image !== undefined && writer.hasRoom() ? await embedPicture(image) : undefined;
      return writer.result(toResultObject(result), picture);
    },
    end: () => writer.end(),
  };
}
