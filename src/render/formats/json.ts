import type { ResultRenderer } from './result-renderer.js';
import { toResultObject } from './result-object.js';
import { stringifyJson } from './stringify-json.js';

/** One JSON object per line, written as soon as it is ready. */
export function createJsonlRenderer(): ResultRenderer {
  return {
    start: () => '',
    renderResult: (result) => `${stringifyJson(toResultObject(result))}\n`,
    end: () => '',
  };
}

/** One JSON array of all results, one object per line; complete once `end` has been written. */
export function createJsonRenderer(): ResultRenderer {
  let count = 0;
  return {
    start: () => '[',
    renderResult: (result) => `${count++ === 0 ? '\n' : ',\n'}${stringifyJson(toResultObject(result))}`,
    end: () => (count === 0 ? ']\n' : '\n]\n'),
  };
}
