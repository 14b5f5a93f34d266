import { basename, dirname } from 'node:path';
import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import { writeUnlessOther } from '../../base/files/write-unless-other.js';
import { commonFolder, resultName } from '../file-names.js';
import { checkFolderFor, makeFolder } from '../make-folder.js';
import { escapeXmlLine } from './escape-xml.js';
import type { FilesPlace, FilesWriter } from './files-writer.js';
import { locateBeside } from './yolo-places.js';

/** The name for an object without a label. */
const UNNAMED = 'object';

/**
 * Write results as Pascal VOC: `<picture's name>.xml` with the picture's size and objects, in the same subfolders as
 * the pictures. Boxes are whole pixels counted from 1, with both edges inside, as in VOC. A picture in which nothing
 * was found gets a file without objects.
 *
 * @throws {UsageError} the folder cannot be made.
 */
export async function createVocWriter({ folder, inputFolders, onKept }: FilesPlace): Promise<FilesWriter> {
  await checkFolderFor(folder);
  const places = locateBeside(folder, commonFolder(inputFolders), { extension: '.xml' });
  return {
    has: (name) => places.has(name),
    write: async (result) => {
      const { image, error, detections } = result;
      if (error !== undefined || image === undefined || detections === undefined) return undefined;
      const { labelPath } = await places.locate(result);
      await makeFolder(dirname(labelPath));
      await writeUnlessOther(labelPath, formatAnnotation(resultName(result), image, detections), onKept);
      return labelPath;
    },
  };
}

function formatAnnotation(input: string, size: Size, detections: readonly Detection[]): string {
  const path = input.split(/[\\/]/);
  return [
    '<annotation>',
    `  <folder>${escapeXmlLine(path.at(-2) ?? '')}</folder>`,
    `  <filename>${escapeXmlLine(basename(input))}</filename>`,
    `  <size><width>${size.width}</width><height>${size.height}</height><depth>3</depth></size>`,
    '  <segmented>0</segmented>',
    ...detections.map((detection) => formatObject(detection, size)),
    '</annotation>',
    '',
  ].join('\n');
}

function formatObject({ label, box }: Detection, { width, height }: Size): string {
  const clamp = (value: number, last: number): number => Math.min(last, Math.max(1, value));
  const [xmin, ymin] = [clamp(Math.round(box.x0) + 1, width), clamp(Math.round(box.y0) + 1, height)];
  const [xmax, ymax] = [
    clamp(Math.round(box.x1), Math.max(xmin, width)),
    clamp(Math.round(box.y1), Math.max(ymin, height)),
  ];
  const truncated = +(box.x0 <= 0 || box.y0 <= 0 || box.x1 >= width || box.y1 >= height);
  return [
    '  <object>',
    `    <name>${escapeXmlLine(label === '' ? UNNAMED : label)}</name>`,
    `    <pose>Unspecified</pose><truncated>${truncated}</truncated><difficult>0</difficult>`,
    `    <bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${Math.max(xmin, xmax)}</xmax><ymax>${Math.max(ymin, ymax)}</ymax></bndbox>`,
    '  </object>',
  ].join('\n');
}
