import type { Detection } from '../../base/detection.js';
import { decodeMaskRle, encodeMaskRle } from '../../base/mask-rle.js';
import type { TaskResult } from '../../base/task-result.js';

/**
 * The same result in compact form: masks, which take one byte per pixel of the picture, are stored as run lengths,
 * about a thousand times smaller, and decoded again each time they are read.
 */
export function packMasks(result: TaskResult): TaskResult {
  const { detections } = result;
  if (detections === undefined) return result;
  return { ...result, detections: detections.map(packMask) };
}

function packMask(detection: Detection): Detection {
  const { mask, ...rest } = detection;
  if (mask === undefined) return detection;
  const packed = encodeMaskRle(mask);
  return {
    ...rest,
    get mask() {
      return decodeMaskRle(packed);
    },
  };
}
