import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { embedPicture } from '../report/embed-picture.js';
import { createReportWriter } from '../report/report-writer.js';
import { toResultObject } from './result-object.js';
import type { ResultRenderer } from './result-renderer.js';

/**
 * A page that shows the results and needs nothing else: pictures inside, made smaller, boxes and masks over them,
 * filters, marks.
 * @param maxPictureCharacters of all pictures together; the usual bound when absent.
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
