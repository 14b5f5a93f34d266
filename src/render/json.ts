import type { ResultRenderer } from './result-renderer.js';
import { toResultObject } from './result-object.js';

/** One JSON object a line, each as soon as it is there. */
export function createJsonlRenderer(): ResultRenderer {
  return {
    start: () => '',
    renderResult: (result) => `${stringify(toResultObject(result))}\n`,
    end: () => '',
  };
}

/** One JSON array of all results, one object a line; whole as soon as `end` was written. */
export function createJsonRenderer(): ResultRenderer {
  let count = 0;
  return {
    start: () => '[',
    renderResult: (result) => `${count++ === 0 ? '\n' : ',\n'}${stringify(toResultObject(result))}`,
    end: () => (count === 0 ? ']\n' : '\n]\n'),
  };
}

/** JSON.stringify leaves DEL, C1 controls and the line separators as they are; terminals and readers act on them. */
function stringify(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
