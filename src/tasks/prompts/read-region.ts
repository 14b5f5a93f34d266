import { UsageError } from '../../base/errors.js';
import type { Region } from './region.js';

/**
 * Read `x0,y0,x1,y1`, all four in pixels (`12,40,300,212`) or all in percent (`10%,20%,50%,90%`).
 * @throws {UsageError} it is in neither form, or the box has no area.
 */
export function readRegion(text: string): Region {
  const parts = text.split(',').map((part) => part.trim());
  const isPercent = parts.every((part) => part.endsWith('%'));
  const numbers = parts.map((part) => {
    const digits = isPercent ? part.slice(0, -1) : part;
    return /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : NaN;
  });
  const [x0, y0, x1, y1] = numbers;
  const isBox = numbers.length === 4 && x0 < x1 && y0 < y1;
  if (isBox && (!isPercent || Math.max(x1, y1) <= 100)) {
    return { unit: isPercent ? 'percent' : 'pixels', x0, y0, x1, y1 };
  }
  throw new UsageError('OPTION_VALUE', `--region cannot be '${text}'.`, {
    hint: 'It is left,top,right,bottom in pixels (12,40,300,212) or in percent (10%,20%,50%,90%).',
  });
}
