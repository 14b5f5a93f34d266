import { sep } from 'node:path';
import type { BinaryMask, Detection } from '../../base/detection.js';
import { encodeMaskRle } from '../../base/mask-rle.js';
import type { TaskResult } from '../../base/task-result.js';
import { commonFolder, pathBelow } from '../file-names.js';
import { joinOutlines } from '../drawing/join-outlines.js';
import { createLabelNumbers } from './label-numbers.js';
import type { ResultRenderer } from './result-renderer.js';
import { simplifyOutline } from '../drawing/simplify-outline.js';
import { roundBox, roundPixels, roundScore } from '../round-result.js';
import { stringifyJson } from './stringify-json.js';
import { traceOutlines } from '../drawing/trace-outlines.js';

/** How COCO output is written. */
export interface CocoStyle {
  /** Masks as exact pixels, or as polygons that smooth away single-pixel steps. */
  readonly segmentation: 'rle' | 'polygon';
  /** The first categories, such as the things searched for, so that their ids are the same in every run. */
  readonly labels?: readonly string[];
  /** The folders searched for pictures: `file_name` is relative to them. */
  readonly folders?: readonly string[] | undefined;
  /** `file_name` of a video frame; the video's own when absent. */
  readonly nameFrame?: ((result: TaskResult) => string) | undefined;
}

/**
 * One COCO instances document of all results: annotations as they arrive, then images and categories. Ids start at 1;
 * categories are labels in order of appearance, `object` where the model gave none. Boxes are [x, y, width, height] in
 * pixels; `area` is the mask's, or the box's where there is no mask and `segmentation` is empty. `score` is the
 * result's. Inputs that failed are left out: an image without annotations is one in which nothing was found. Each
 * frame of a video is an image with `video_id` and `frame_id`, as in COCO's video format; `track_id` identifies the
 * same object across frames.
 */
export function createCocoRenderer(style: CocoStyle): ResultRenderer {
  const { segmentation, labels = [], nameFrame } = style;
  const folders = commonFolder(style.folders ?? []);
  const nameFile = (result: TaskResult): string => {
    if (result.frame !== undefined && nameFrame !== undefined) return nameFrame(result);
    return pathBelow(result.input, folders)?.replaceAll(sep, '/') ?? result.input;
  };
  const categories = createLabelNumbers();
  for (const label of labels) categories.numberOf(label);
  const images: object[] = [];
  const videos = new Map<string, number>();
  let annotations = 0;
  const renderAnnotation = (detection: Detection, trackId?: number): string => {
    const { mask, label, score } = detection;
    const { x0, y0, x1, y1 } = roundBox(detection.box);
    const [width, height] = [roundPixels(x1 - x0), roundPixels(y1 - y0)];
    const annotation = {
      id: ++annotations,
      image_id: images.length,
      category_id: categories.numberOf(label) + 1,
      bbox: [x0, y0, width, height],
      area: mask === undefined ? roundPixels(width * height) : countPixels(mask),
      segmentation: mask === undefined ? [] : formatSegmentation(mask, segmentation),
      iscrowd: 0,
      score: roundScore(score),
      ...(trackId === undefined ? {} : { track_id: trackId }),
    };
    return `${annotations === 1 ? '\n' : ',\n'}${stringifyJson(annotation)}`;
  };
  return {
    start: () => '{"info":{"description":"Objects found by pali"},"licenses":[],"annotations":[',
    renderResult: (result: TaskResult) => {
      const { input, image, frame, error, detections = [] } = result;
      if (error !== undefined || image === undefined) return '';
      if (frame !== undefined && !videos.has(input)) videos.set(input, videos.size + 1);
      images.push({
        ...{ id: images.length + 1, file_name: nameFile(result), width: image.width, height: image.height },
        ...(frame && {
          ...{ video_id: videos.get(input), frame_id: frame.index, time_seconds: frame.timeSeconds },
        }),
      });
      return detections
        .map((detection, index) => renderAnnotation(detection, frame?.trackIds?.[index]))
        .join('');
    },
    end: () => {
      const named = categories.labels.map((name, number) => ({ id: number + 1, name, supercategory: '' }));
      const clips = [...videos].map(([name, id]) => ({ id, name }));
      const listed = clips.length > 0 ? `,"videos":${formatRows(clips)}` : '';
      return `\n],"images":${formatRows(images)}${listed},"categories":${formatRows(named)}}\n`;
    },
  };
}

/** COCO fills each of an object's polygons separately, so a hole has to be joined to the piece around it. */
function formatSegmentation(mask: BinaryMask, kind: CocoStyle['segmentation']): object {
  if (kind === 'rle') return encodeMaskRle(mask);
  const outlines = traceOutlines(mask);
  const lines = outlines.map(({ points }) => simplifyOutline(points));
  const polygons = outlines.some(({ isHole }) => isHole) ? [joinOutlines(lines)] : lines;
  return polygons.map((points) => points.flat());
}

function formatRows(rows: readonly object[]): string {
  return `[${rows.map((row) => `\n${stringifyJson(row)}`).join(',')}\n]`;
}

function countPixels({ data }: BinaryMask): number {
  return data.reduce((sum, value) => sum + value, 0);
}
