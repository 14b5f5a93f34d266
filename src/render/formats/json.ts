import type { ResultRenderer } from './result-renderer.js';
import { toResultObject } from './result-object.js';
import { stringifyJson } from './stringify-json.js';

/** One JSON object a line, each as soon as it is there. */
export function createJsonlRenderer(): ResultRenderer {
  return {
    start: () => '',
    renderResult: (result) => `${stringifyJson(toResultObject(result))}\n`,
    end: () => '',
  };
}

/** One JSON array of all results, one object a line; whole as soon as `end` was written. */
export function createJsonRenderer(): ResultRenderer {
  let count = 0;
  return {
    start: () => '[',
    renderResult: (result) => `${count++ === 0 ? '\n' : ',\n'}${stringifyJson(toResultObject(result))}`,
    end: () => (count === 0 ? ']\n' : '\n]\n'),
  };
}
