import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { drawOverlay } from '../../image/draw/draw-overlay.js';
import { resizeBicubic } from '../../image/resize/resize-bicubic.js';
import type { ProtocolChoice } from '../terminal-picture/choose-protocol.js';
import { askedThings } from './asked-things.js';
import { toOverlayShapes } from './overlay-shapes.js';
import { scaleDetections } from './scale-detections.js';
import { drawSmallOverlay } from './small-overlay.js';

/** An object on a frame. */
interface DrawnObject {
  readonly detection: Detection;
  readonly trackId?: number | undefined;
}

/**
 * A frame that has the size in which a terminal shows it, with objects drawn on it: frames around them where it shows
 * blocks, names and numbers too where it shows pixels. A copy.
 *
 * @param objects in the frame's pixels.
 * @param labels in the order in which they get their colours.
 */
export async function drawOnCanvas(
  frame: RgbImage,
  objects: readonly DrawnObject[],
  { protocol }: ProtocolChoice,
  labels: readonly string[],
): Promise<RgbImage> {
  if (objects.length === 0) return frame;
  const detections = objects.map(({ detection }) => detection);
  if (/^(?:blocks|ascii)/.test(protocol)) return drawSmallOverlay(frame, detections, frame, { labels });
  const ids = objects.map(({ trackId }) => trackId);
  return drawOverlay(frame, toOverlayShapes(detections, { labels: 'name', asked: labels, ids }));
}

/** A frame brought to the size in which a terminal shows it, with a result drawn on it. */
export async function drawResult(
  frame: RgbImage,
  result: TaskResult,
  choice: ProtocolChoice,
  canvas: Size,
): Promise<RgbImage> {
  const { detections = [], image = frame, frame: place } = result;
  const objects = scaleDetections(detections, image, canvas).map((detection, index) => ({
    detection,
    trackId: place?.trackIds?.[index],
  }));
  const small = resizeBicubic(frame, canvas.width, canvas.height);
  return drawOnCanvas(small, objects, choice, askedThings(result));
}
