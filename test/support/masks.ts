import type { BinaryMask, Detection } from '../../src/base/detection.js';

/** A mask from pictures of its rows: `#` where the object is. */
export function maskOf(rows: readonly string[]): BinaryMask {
  const data = Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : 0));
  return { width: rows[0].length, height: rows.length, data };
}

/** A mask of the pixels whose centres a test takes for the object's. */
export function maskWhere(
  width: number,
  height: number,
  isObject: (x: number, y: number) => boolean,
): BinaryMask {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    data[i] = isObject((i % width) + 0.5, Math.floor(i / width) + 0.5) ? 1 : 0;
  }
  return { width, height, data };
}

/** Whether a point lies in a ring about 60, 50, or in a disc at its right. */
export function isInRingOrDisc(x: number, y: number): boolean {
  const distance = Math.hypot(x - 60, y - 50);
  return (distance > 15 && distance < 40) || Math.hypot(x - 150, y - 60) < 12;
}

/** A detection with the given label, its box and its mask. */
export function detectionOf(label: string, box: Detection['box'], mask?: BinaryMask): Detection {
  return { label, score: 0.91234, boxScore: 0.8, box, bins: [1, 2, 3, 4], ...(mask && { mask }) };
}

/** Fill polygons by the even-odd rule, each by itself, a pixel being in when its centre is. */
export function fillPolygons(
  polygons: readonly (readonly (readonly [number, number])[])[],
  width: number,
  height: number,
): BinaryMask {
  const isInside = (points: readonly (readonly [number, number])[], x: number, y: number): boolean =>
    points.filter(([x0, y0], i) => {
      const [x1, y1] = points[(i + 1) % points.length];
      return y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0;
    }).length %
      2 ===
    1;
  return maskWhere(width, height, (x, y) => polygons.some((points) => isInside(points, x, y)));
}

/** Shared pixels of two masks by the pixels of either, 0..1. */
export function maskIou(a: BinaryMask, b: BinaryMask): number {
  let shared = 0;
  let either = 0;
  for (const [i, value] of a.data.entries()) {
    shared += value & b.data[i];
    either += value | b.data[i];
  }
  return shared / either;
}
