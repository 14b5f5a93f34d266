import { signedArea, type Point } from './trace-outlines.js';

/**
 * Pieces and holes as one closed line, for formats that have a single polygon for an object: each is tied to the
 * others by a bridge without width, gone over there and back between two near corners. Filled by the even-odd or
 * the non-zero rule it is what the outlines are together.
 *
 * @param outlines closed lines, the holes turning against the pieces; at least one.
 */
export function joinOutlines(outlines: readonly (readonly Point[])[]): readonly Point[] {
  const [first, ...others] = [...outlines].sort((a, b) => Math.abs(signedArea(b)) - Math.abs(signedArea(a)));
  return others.reduce(bridge, first);
}

function bridge(line: readonly Point[], other: readonly Point[]): readonly Point[] {
  let nearest = Infinity;
  let [at, start] = [0, 0];
  for (let i = 0; i < line.length; i++) {
    for (let j = 0; j < other.length; j++) {
      const distance = (line[i][0] - other[j][0]) ** 2 + (line[i][1] - other[j][1]) ** 2;
      if (distance < nearest) [nearest, at, start] = [distance, i, j];
    }
  }
  const around = [...other.slice(start), ...other.slice(0, start + 1)];
  return [...line.slice(0, at + 1), ...around, ...line.slice(at)];
}
