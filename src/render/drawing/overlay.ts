import { extname } from 'node:path';
import type { Detection } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import { UsageError } from '../../base/errors.js';
import type { TaskResult } from '../../base/task-result.js';
import type { RedactStyle } from '../../base/redact-style.js';
import { writeUnlessOther, type KeptFile } from '../../base/files/write-unless-other.js';
import { drawOverlay } from '../../image/draw/draw-overlay.js';
import { encodeImage, imageFormatOf, writeImage } from '../../image/draw/encode-image.js';
import { redactAreas } from '../../image/draw/redact-areas.js';
import type { OverlayShape } from '../../image/draw/layout-overlay.js';
import { answerFoot } from './answer-foot.js';
import { askedThings } from './asked-things.js';
import { toOverlayShapes, type DrawingStyle } from './overlay-shapes.js';
import { formatOverlaySvg } from './overlay-svg.js';

/** The picture with the detections drawn on it; a copy of its size, without a legend. */
export async function drawDetections(
  image: RgbImage,
  detections: readonly Detection[],
  style: DrawingStyle = {},
): Promise<RgbImage> {
  return drawOverlay(image, toOverlayShapes(detections, style));
}

/**
 * The picture with what was found drawn on it, or with the answer in words below it; a copy, higher than the picture
 * where words stand below.
 */
export async function drawResult(
  image: RgbImage,
  result: TaskResult,
  style: DrawingStyle = {},
): Promise<RgbImage> {
  return drawOverlay(image, shapesOf(result, style), { hasLegend: true, foot: answerFoot(result) });
}

/** The same as the bytes of a PNG. */
export async function encodeOverlay(image: RgbImage, result: TaskResult): Promise<Uint8Array> {
  return encodeImage(await drawResult(image, result), 'png');
}

function shapesOf(result: TaskResult, style: DrawingStyle): OverlayShape[] {
  const { detections = [], frame } = result;
  return toOverlayShapes(detections, { asked: askedThings(result), ids: frame?.trackIds, ...style });
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
 * Write the picture with boxes, masks and labels, or with the answer in words below it, to a .png, .jpg, .webp or .svg
 * file (vector, the picture embedded), whole or not at all.
 *
 * @param onKept where given, a file of other content is kept, and this is called with it.
 * @throws {UsageError} unknown extension, or a place that cannot be written to.
 */
export async function writeOverlay(
  image: RgbImage,
  result: TaskResult,
  path: string,
  style: DrawingStyle = {},
  onKept?: KeptFile,
): Promise<void> {
  checkOverlayPath(path);
  if (!isSvg(path)) return writeImage(await drawResult(image, result, style), path, onKept);
  const svg = await formatOverlaySvg(image, shapesOf(result, style), answerFoot(result));
  await writeUnlessOther(path, svg, onKept);
}

/**
 * Write a picture as it is, to the same kinds of files.
 * @throws {UsageError} as writeOverlay does.
 */
export async function writePicture(image: RgbImage, path: string, onKept?: KeptFile): Promise<void> {
  checkOverlayPath(path);
  if (isSvg(path)) await writeUnlessOther(path, await formatOverlaySvg(image, []), onKept);
  else await writeImage(image, path, onKept);
}

function isSvg(path: string): boolean {
  return extname(path).toLowerCase() === '.svg';
}
