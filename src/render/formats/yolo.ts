import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import { stripControl } from '../../base/strip-control.js';
import { unwritable } from '../../base/files/unwritable.js';
import { writeUnlessOther } from '../../base/files/write-unless-other.js';
import { writeFileWhole } from '../../base/files/write-file-whole.js';
import { commonFolder, pathBelow } from '../file-names.js';
import { joinOutlines } from '../drawing/join-outlines.js';
import { createLabelNumbers } from './label-numbers.js';
import { checkFolderFor, makeFolder } from '../make-folder.js';
import type { FilesPlace, FilesWriter } from './files-writer.js';
import { putPicture } from './put-picture.js';
import { fromDataFile, labelFolderOf, writeYoloData } from './yolo-data.js';
import { locateBeside, locateInSplit } from './yolo-places.js';
import { simplifyOutline } from '../drawing/simplify-outline.js';
import { traceOutlines, type Point } from '../drawing/trace-outlines.js';

const CLASSES_FILE = 'classes.txt';

/**
 * Write results in YOLO format: `<picture's name>.txt` with one object per line, classes.txt with one label per line,
 * and data.yaml, from which Ultralytics and supervision load the set. Boxes are `class cx cy width height`; a result
 * that has a mask, or comes from segment, gets polygons, `class x1 y1 x2 y2 ...`, for all its objects. Coordinates are
 * fractions of width and height with six decimals. If nothing is found, the file is empty, as YOLO expects for
 * background pictures. The folder is created if it does not exist; classes already in it from an earlier run keep
 * their numbers.
 *
 * Labels are written to the folder itself, in the same subfolders as their pictures. With `split` the folder becomes a
 * complete data set, images/train, images/val, labels/train and labels/val, with copies of the pictures. The name
 * decides which side a picture is on, so it is the same in every run; all frames of a video are on one side.
 *
 * @throws {UsageError} the folder cannot be made.
 */
export async function createYoloWriter(place: FilesPlace): Promise<FilesWriter> {
  const { folder, things, split } = place;
  await checkFolderFor(folder);
  const folders = commonFolder(place.inputFolders);
  const [classesPath, dataPath] = [join(folder, CLASSES_FILE), join(folder, 'data.yaml')];
  const classes = createLabelNumbers(await readClasses(classesPath));
  for (const thing of things) classes.numberOf(toClassName(thing));
  const pictureFolders = new Set<string>();
  let written = '';
  const writeIndex = async (): Promise<void> => {
    const data = { names: classes.labels, ...namePictures(pictureFolders, dataPath, split !== undefined) };
    const state = JSON.stringify(data);
    if (state === written) return;
    await makeFolder(folder);
    await writeFileWhole(classesPath, classes.labels.map((label) => `${label}\n`).join(''));
    await writeYoloData(dataPath, data);
    written = state;
  };
  const places =
    split === undefined
      ? locateBeside(folder, folders, { extension: '.txt', classesFile: CLASSES_FILE })
      : locateInSplit(folder, folders, split);
  return {
    indexPath: classesPath,
    write: async (result, picture) => {
      const { input, task, image, frame, error, detections } = result;
      if (error !== undefined || image === undefined || detections === undefined) return undefined;
      const { labelPath, picturePath } = await places.locate(result);
      const hasPolygons = task === 'segment' || detections.some(({ mask }) => mask !== undefined);
      const lines = detections.map((detection) => {
        const shares = hasPolygons ? toPolygon(detection, image) : toCenterAndSize(detection, image);
        return `${[classes.numberOf(toClassName(detection.label)), ...shares].join(' ')}\n`;
      });
      const pictures =
        picturePath === undefined ? folderOfPicture(input, frame && place.framesFolder, folders) : undefined;
      if (pictures !== undefined) pictureFolders.add(pictures);
      if (picturePath !== undefined) {
        await putPicture(result, picture, picturePath);
        pictureFolders.add(join(folder, 'images', sideOf(picturePath, folder)));
      }
      // Classes first, so that no label file uses a number that is not yet defined.
      await writeIndex();
      await makeFolder(dirname(labelPath));
      await writeUnlessOther(labelPath, lines.join(''), place.onKept);
      return labelPath;
    },
    has: (name) => places.has(name),
    describeNeeds: () => {
      const isFound = [...pictureFolders].every((one) => labelFolderOf(one) === resolve(folder));
      if (split !== undefined) return describeSplit(pictureFolders);
      if (isFound || pictureFolders.size === 0) return [];
      return [
        'trainers look for labels beside the pictures, or in labels/ beside images/; --split 0.8 makes a data set ' +
          'that trains as it is.',
      ];
    },
  };
}

/** Names decide, so that a small set may have one side alone. */
function describeSplit(pictureFolders: ReadonlySet<string>): string[] {
  if (pictureFolders.size !== 1) return [];
  const side = basename([...pictureFolders][0]);
  return [`all pictures are in ${side}, which data.yaml names for both sides; a larger set has both.`];
}

function sideOf(picturePath: string, folder: string): string {
  return relative(join(folder, 'images'), picturePath).split(sep)[0];
}

/** The folder that data.yaml lists for the picture; undefined if the input is not a file. */
function folderOfPicture(
  input: string,
  framesFolder: string | undefined,
  folders: readonly string[],
): string | undefined {
  if (framesFolder !== undefined) return framesFolder;
  if (input === '-' || /^[a-z]+:\/\//i.test(input)) return undefined;
  return pathBelow(input, folders) === undefined ? dirname(input) : folders[0];
}

/** If one of the two sides has no pictures, the other is listed for both: trainers want both. */
function namePictures(
  pictureFolders: ReadonlySet<string>,
  dataPath: string,
  isSplit: boolean,
): { readonly train: string[]; readonly val: string[] } {
  const paths = [...pictureFolders].map((path) => fromDataFile(dataPath, path)).sort();
  const [train, val] = isSplit
    ? ['train', 'val'].map((side) => paths.filter((path) => path === `images/${side}`))
    : [paths, paths];
  return { train: train.length === 0 ? val : train, val: val.length === 0 ? train : val };
}

/** If there is no file, there was no earlier run. */
async function readClasses(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw unwritable(path, error);
  });
  return text.trimEnd() === '' ? [] : text.trimEnd().split(/\r?\n/);
}

/** A single line, as classes.txt needs it. */
function toClassName(label: string): string {
  return stripControl(label).replace(/\s+/g, ' ').trim();
}

function toCenterAndSize({ box }: Detection, { width, height }: Size): string[] {
  const [left, right] = [toShare(box.x0, width), toShare(box.x1, width)];
  const [top, bottom] = [toShare(box.y0, height), toShare(box.y1, height)];
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top].map(formatShare);
}

/** The mask's outline, or the box's corners if there is no mask. */
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

/** Readers reject values outside 0..1. */
function toShare(value: number, length: number): number {
  return Math.max(0, Math.min(1, value / length));
}

function formatShare(share: number): string {
  return share.toFixed(6);
}
