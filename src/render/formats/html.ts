import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { embedPicture } from '../report/embed-picture.js';
import { createPageDocument, dataBlock } from '../report/page-document.js';
import { toResultObject } from './result-object.js';
import type { ResultRenderer } from './result-renderer.js';

/** Pictures in one page, characters: beyond this browsers become slow. About 1,000 pictures. */
const MAX_PICTURE_CHARACTERS = 100 * 2 ** 20;

/**
 * A page that shows the results and needs nothing else: pictures inside, made smaller, boxes and masks over them,
 * filters, marks. When there are more pictures than a browser bears, the further results have none, and the page says
 * so.
 */
export function createHtmlRenderer(maxPictureCharacters = MAX_PICTURE_CHARACTERS): ResultRenderer {
  const page = createPageDocument({
    title: 'Results · pali',
    name: 'review',
    allows: { 'img-src': 'data:' },
  });
  let characters = 0;
  let leftOut = 0;
  const render = (result: TaskResult, picture: string | undefined): string =>
    dataBlock('result', { ...toResultObject(result), ...(picture !== undefined && { picture }) });
  return {
    start: () => page.head,
    renderResult: (result) => render(result, undefined),
    renderWithPicture: async (result: TaskResult, image: RgbImage | undefined) => {
      if (image === undefined) return render(result, undefined);
      const picture = leftOut === 0 ? await embedPicture(image) : '';
      if (leftOut > 0 || characters + picture.length > maxPictureCharacters) {
        leftOut++;
        return render(result, undefined);
      }
      characters += picture.length;
      return render(result, picture);
    },
    end: () => `${leftOut === 0 ? '' : dataBlock('note', describeLeftOut(leftOut))}${page.tail}`,
  };
}

function describeLeftOut(count: number): string {
  const which = count === 1 ? 'The last picture is' : `The last ${count} pictures are`;
  return `${which} not in this page, as it would be too large for a browser. pali review shows results of any number.`;
}
