import { extname } from 'node:path';
import type { Detection } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import { UsageError } from '../../base/errors.js';
import type { RedactStyle } from '../../base/redact-style.js';
import { writeFileWhole } from '../../base/files/write-file-whole.js';
import { drawOverlay } from '../../image/draw/draw-overlay.js';
import { encodeImage, imageFormatOf, writeImage } from '../../image/draw/encode-image.js';
import { redactAreas } from '../../image/draw/redact-areas.js';
import type { OverlayShape } from '../../image/draw/layout-overlay.js';
import { assignLabelColors } from './label-colors.js';
import { formatOverlaySvg } from './overlay-svg.js';

/** What to draw for these detections: one colour for each label, in order of appearance. */
export function toOverlayShapes(detections: readonly Detection[]): OverlayShape[] {
  const colors = assignLabelColors(detections.map(({ label }) => label));
  return detections.map(({ box, mask, label }) => ({ box, mask, label, ...colors.get(label)! }));
}

/** The picture with the detections drawn on it; a copy. */
export async function drawDetections(image: RgbImage, detections: readonly Detection[]): Promise<RgbImage> {
  return drawOverlay(image, toOverlayShapes(detections));
}

/** The same as the bytes of a PNG. */
export async function encodeOverlay(image: RgbImage, detections: readonly Detection[]): Promise<Uint8Array> {
  return encodeImage(await drawDetections(image, detections), 'png');
}

/** The picture with what was found hidden, instead of drawn; a copy. */
export function redactDetections(
  image: RgbImage,
  detections: readonly Detection[],
  style: RedactStyle,
): RgbImage {
  const redacted = { ...image, data: image.data.slice() };
  redactAreas(
    redacted,
    detections.map(({ box }) => box),
    style,
  );
  return redacted;
}

/**
 * Refuse a name that `writeOverlay` could not write to, before the model works for it.
 *
 * @throws {UsageError} its extension is not .png, .jpg, .jpeg, .webp or .svg.
 */
export function checkOverlayPath(path: string): void {
  if (isSvg(path)) return;
  try {
    imageFormatOf(path);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.code, error.message, {
      hint: 'Let the name end in .png, .jpg, .webp or .svg.',
    });
  }
}

/**
 * Write the picture with boxes, masks and labels to a .png, .jpg, .webp or .svg file (vector, the picture
 * embedded), whole or not at all. Without detections, as after a caption, it is the picture alone.
 *
 * @throws {UsageError} unknown extension, or a place that cannot be written to.
 */
export async function writeOverlay(
  image: RgbImage,
  detections: readonly Detection[],
  path: string,
): Promise<void> {
  checkOverlayPath(path);
  if (isSvg(path)) await writeFileWhole(path, await formatOverlaySvg(image, toOverlayShapes(detections)));
  else await writeImage(await drawDetections(image, detections), path);
}

function isSvg(path: string): boolean {
  return extname(path).toLowerCase() === '.svg';
}
