import type { Detection } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import { shrinkImage } from '../../image/resize/shrink-image.js';
import { drawDetections } from './overlay.js';
import { scaleDetections } from './scale-detections.js';

/** JPEG qualities that are tried, best first; the last is taken in any case. */
const QUALITIES = [85, 70, 50, 30];
/** Each time it is still too large, its sides are made this much smaller. */
const SMALLER = 0.7;
/** Below this a picture of noise is let be as large as it is, pixels. */
const LEAST_SIDE = 256;

/** How large a preview may be. */
export interface PreviewLimits {
  /** Of the longer side, pixels. */
  readonly maxSide: number;
  readonly maxBytes: number;
}

/** A small JPEG of the picture with the detections drawn on it. */
export async function encodePreview(
  image: RgbImage,
  detections: readonly Detection[],
  { maxSide, maxBytes }: PreviewLimits,
): Promise<Uint8Array> {
  const small = await shrinkImage(image, maxSide);
  const drawn =
    detections.length === 0 ? small : await drawDetections(small, scaleDetections(detections, image, small));
  let jpeg = new Uint8Array();
  for (const quality of QUALITIES) {
    jpeg = new Uint8Array(await encodeImage(drawn, 'jpeg', quality));
    if (jpeg.length <= maxBytes) return jpeg;
  }
  const side = Math.floor(Math.max(small.width, small.height) * SMALLER);
  return side < LEAST_SIDE ? jpeg : encodePreview(image, detections, { maxSide: side, maxBytes });
}
