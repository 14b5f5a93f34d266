import { basename, isAbsolute, join, resolve, sep } from 'node:path';
import type { BinaryMask, Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import { isObjectResult, type TaskResult } from '../../base/task-result.js';
import { commonFolder, pathBelow } from '../file-names.js';
import { encodeBrushRle } from './brush-rle.js';
import { roundScore } from '../round-result.js';
import type { ResultRenderer } from './result-renderer.js';
import { stringifyJson } from './stringify-json.js';

/** Where Label Studio serves files of its own machine from. */
const LOCAL_FILES = '/data/local-files/?d=';
/** The label of an object that the model did not name. */
const UNNAMED = 'object';
/** Percentages have this many decimals: a hundredth of a pixel in a large picture. */
const DECIMALS = 4;

/** How pictures are named. */
export interface LabelStudioStyle {
  /** The folders searched for pictures. */
  readonly folders?: readonly string[] | undefined;
  /** The file of a video frame, where such files are written; frames without one are left out. */
  readonly nameFrame?: ((result: TaskResult) => string) | undefined;
  /** Their folder. */
  readonly framesFolder?: string | undefined;
}

/**
 * Tasks as Label Studio imports them, with the answers as predictions. Controls are named as in Label Studio's own
 * templates: `label` (RectangleLabels) for boxes, `tag` (BrushLabels) for masks, `caption` (TextArea) for text, all of
 * the Image `image`. Boxes are in percent of the picture. Inputs that failed are left out.
 *
 * A file is `/data/local-files/?d=photos/farm.png`, from the folder that was given on; addresses stay as they are.
 */
export function createLabelStudioRenderer({
  folders = [],
  nameFrame,
  framesFolder = '.',
}: LabelStudioStyle): ResultRenderer {
  const common = commonFolder(folders);
  let count = 0;
  let frames = 0;
  return {
    start: () => '[',
    renderResult: (result) => {
      const { model, image, frame, error } = result;
      if (error !== undefined || image === undefined) return '';
      if (frame !== undefined && nameFrame === undefined) {
        frames++;
        return '';
      }
      const path =
        frame === undefined
          ? pathFrom(result.input, common)
          : pathFrom(join(framesFolder, nameFrame!(result)), [framesFolder]);
      const task = {
        data: { image: path },
        predictions: [
          {
            model_version: model === undefined ? 'pali' : `${model.name} ${model.dtype}`,
            score: meanScore(result.detections ?? []),
            result: toRegions(result, image),
          },
        ],
      };
      return `${count++ === 0 ? '\n' : ',\n'}${stringifyJson(task)}`;
    },
    end: () => (count === 0 ? ']\n' : '\n]\n'),
    describeNeeds: () =>
      frames === 0
        ? []
        : [
            frames === 1
              ? '1 frame of a video was left out, as it has no file; --frames-to FOLDER writes one.'
              : `${frames} frames of videos were left out because they are not files; --frames-to FOLDER saves them.`,
          ],
  };
}

function pathFrom(input: string, [folder]: readonly string[]): string {
  if (/^https?:\/\//i.test(input)) return input;
  const below = folder === undefined ? undefined : pathBelow(input, [folder]);
  const path = below === undefined ? withoutRoot(input) : `${basename(resolve(folder))}/${below}`;
  return `${LOCAL_FILES}${path.split(sep).join('/').split('/').map(encodeURIComponent).join('/')}`;
}

function withoutRoot(input: string): string {
  return isAbsolute(input) ? input.replace(/^(?:[A-Za-z]:)?[\\/]+/, '') : input.replace(/^\.[\\/]/, '');
}

function toRegions(result: TaskResult, image: Size): object[] {
  if (!isObjectResult(result)) {
    const head = { id: 'caption', from_name: 'caption', to_name: 'image', type: 'textarea' };
    return [{ ...head, value: { text: [result.text ?? ''] } }];
  }
  return (result.detections ?? []).map((detection, index) => ({
    id: `object-${index + 1}`,
    to_name: 'image',
    ...{ original_width: image.width, original_height: image.height, image_rotation: 0 },
    ...(detection.mask === undefined ? toBox(detection, image) : toBrush(detection, detection.mask)),
    score: roundScore(detection.score),
  }));
}

function toBox({ label, box }: Detection, { width, height }: Size): object {
  const [x, right] = [toPercent(box.x0, width), toPercent(box.x1, width)];
  const [y, bottom] = [toPercent(box.y0, height), toPercent(box.y1, height)];
  const value = {
    ...{ x, y, width: roundPercent(right - x), height: roundPercent(bottom - y) },
    ...{ rotation: 0, rectanglelabels: [label || UNNAMED] },
  };
  return { from_name: 'label', type: 'rectanglelabels', value };
}

function toBrush({ label }: Detection, mask: BinaryMask): object {
  const value = { format: 'rle', rle: encodeBrushRle(mask), brushlabels: [label || UNNAMED] };
  return { from_name: 'tag', type: 'brushlabels', value };
}

function toPercent(pixels: number, length: number): number {
  return roundPercent(Math.max(0, Math.min(100, (pixels / length) * 100)));
}

function roundPercent(share: number): number {
  return Number(share.toFixed(DECIMALS));
}

function meanScore(detections: readonly Detection[]): number {
  const sum = detections.reduce((total, { score }) => total + score, 0);
  return detections.length === 0 ? 0 : roundScore(sum / detections.length);
}
