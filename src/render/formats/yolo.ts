import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import { stripControl } from '../../base/strip-control.js';
import { unwritable } from '../../base/files/unwritable.js';
import { writeFileWhole } from '../../base/files/write-file-whole.js';
import { createFileNames, resultName } from '../file-names.js';
import { joinOutlines } from '../drawing/join-outlines.js';
import { createLabelNumbers } from './label-numbers.js';
import { makeFolder } from '../make-folder.js';
import type { FilesWriter } from './files-writer.js';
import { simplifyOutline } from '../drawing/simplify-outline.js';
import { traceOutlines, type Point } from '../drawing/trace-outlines.js';

const CLASSES_FILE = 'classes.txt';

/**
 * Write results as YOLO reads them: `<picture's name>.txt` with an object a line, and classes.txt with a label a
 * line. Boxes are `class cx cy width height`; a result that has a mask, or that segment made, gets polygons,
 * `class x1 y1 x2 y2 ...`, for all its objects. Shares of width and height with six decimals. Nothing found gives
 * an empty file, as YOLO expects of background pictures. The folder is made when it is not there; the classes of
 * an earlier run in it keep their numbers.
 *
 * @param labels the next classes, such as the things asked for, so that their numbers are the same in every run.
 * @param folders that pictures were looked for in: those below them are made here again, as trainers expect it.
 * @throws {UsageError} the folder cannot be made.
 */
export async function createYoloWriter(
  folder: string,
  labels: readonly string[] = [],
  folders: readonly string[] = [],
): Promise<FilesWriter> {
  await makeFolder(folder);
  const classesPath = join(folder, CLASSES_FILE);
  const classes = createLabelNumbers(await readClasses(classesPath));
  for (const label of labels) classes.numberOf(toClassName(label));
  const takeName = createFileNames({ reserved: ['classes'], folders });
  let writtenClasses = -1;
  return {
    indexPath: classesPath,
    write: async ({ input, task, image, frame, error, detections }) => {
      if (error !== undefined || image === undefined || detections === undefined) return undefined;
      const hasPolygons = task === 'segment' || detections.some(({ mask }) => mask !== undefined);
      const lines = detections.map((detection) => {
        const shares = hasPolygons ? toPolygon(detection, image) : toCenterAndSize(detection, image);
        return `${[classes.numberOf(toClassName(detection.label)), ...shares].join(' ')}\n`;
      });
      // Classes first, so that no label file has a number that they do not explain.
      if (writtenClasses !== classes.labels.length) {
        await writeFileWhole(classesPath, classes.labels.map((label) => `${label}\n`).join(''));
        writtenClasses = classes.labels.length;
      }
      const path = join(folder, `${takeName(resultName({ input, ...(frame && { frame }) }))}.txt`);
      await makeFolder(dirname(path));
      await writeFileWhole(path, lines.join(''));
      return path;
    },
  };
}

/** No file means no earlier run. */
async function readClasses(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw unwritable(path, error);
  });
  return text.trimEnd() === '' ? [] : text.trimEnd().split(/\r?\n/);
}

/** One line, as classes.txt holds it. */
function toClassName(label: string): string {
  return stripControl(label).replace(/\s+/g, ' ').trim();
}

function toCenterAndSize({ box }: Detection, { width, height }: Size): string[] {
  const [left, right] = [toShare(box.x0, width), toShare(box.x1, width)];
  const [top, bottom] = [toShare(box.y0, height), toShare(box.y1, height)];
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top].map(formatShare);
}

/** The mask's outline, else the box's corners. */
function toPolygon({ box, mask }: Detection, { width, height }: Size): string[] {
  const { x0, y0, x1, y1 } = box;
  const lines = mask === undefined ? [] : traceOutlines(mask).map(({ points }) => simplifyOutline(points));
  const corners: readonly Point[] = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
  const points = lines.length === 0 ? corners : joinOutlines(lines);
  return points.flatMap(([x, y]) => [toShare(x, width), toShare(y, height)].map(formatShare));
}

/** Readers refuse what is outside 0..1. */
function toShare(value: number, length: number): number {
  return Math.max(0, Math.min(1, value / length));
}

function formatShare(share: number): string {
  return share.toFixed(6);
}
