import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { unwritable } from '../../../base/files/unwritable.js';
import { writeFileWhole } from '../../../base/files/write-file-whole.js';
import { isObjectResult, type TaskResult } from '../../../base/task-result.js';
import { readOrientation } from '../../../image/decode/read-orientation.js';
import { commonFolder, nameBelow } from '../../file-names.js';
import { checkFolderFor, makeFolder } from '../../make-folder.js';
import { printablePath } from '../../printable-path.js';
import { escapeXml, escapeXmlLine } from '../escape-xml.js';
import type { FilesPlace, FilesWriter } from '../files-writer.js';
import { mergeXmp, type XmpProperties, type XmpProperty } from './merge-xmp.js';
import { formatRegions } from './xmp-regions.js';
import { sharedLabels } from '../yolo-places.js';

const PROPERTY_NAMES: Readonly<Record<XmpProperty, string>> = {
  description: 'a description',
  subject: 'keywords',
  regions: 'regions',
};

/** A larger file is no sidecar, bytes. */
const MAX_SIDECAR_BYTES = 16 * 1024 * 1024;

/**
 * Write results as XMP sidecars for photo libraries, `photo.jpg.xmp`, or `photo.xmp` with the extension `.xmp`: text
 * as dc:description, labels as dc:subject, boxes as regions of the Metadata Working Group. A sidecar that is there
 * gets what it has not; nothing that another program wrote into it is changed, not even to overwrite.
 *
 * @throws {UsageError} the folder cannot be made.
 */
export async function createXmpWriter(place: FilesPlace): Promise<FilesWriter> {
  const { folder, inputFolders, extension, onKept } = place;
  await checkFolderFor(folder);
  const folders = commonFolder(inputFolders);
  const owners = new Map<string, string>();
  const others = new Map<string, readonly XmpProperty[]>();
  const strange: string[] = [];
  let frames = 0;
  const fileOf = (input: string): string => {
    const ending = extension ?? `${extname(input)}.xmp`;
    return `${nameBelow(input, folders)}${ending}`;
  };
  return {
    has: async (input) => (await readSidecar(join(folder, fileOf(input)))) !== undefined,
    write: async (result) => {
      if (result.error !== undefined || result.image === undefined) return undefined;
      if (result.frame !== undefined) {
        frames++;
        return undefined;
      }
      const file = fileOf(result.input);
      const owner = owners.get(file) ?? result.input;
      if (owner !== result.input) throw sharedLabels(file, result.input, owner);
      owners.set(file, result.input);
      const properties = await toProperties(result);
      if (properties.size === 0) return undefined;
      const path = join(folder, file);
      await makeFolder(dirname(path));
      const merged = mergeXmp(await readSidecar(path), properties, onKept === undefined);
      if (merged.isStrange === true) strange.push(path);
      if (merged.keptOthers.length > 0) others.set(path, merged.keptOthers);
      if (merged.keptOwn.length > 0) onKept?.(path);
      if (merged.text !== undefined) await writeFileWhole(path, merged.text);
      return path;
    },
    describeNeeds: () => [
      ...describeOthers(others),
      ...strange.slice(0, 1).map((path) => {
        const count = strange.length - 1;
        const more = count === 0 ? '' : `, and so ${count === 1 ? 'was 1 other' : `were ${count} others`}`;
        return `${printablePath(path)} is no XMP that can be added to; it was left as it is${more}.`;
      }),
      ...(frames === 1 ? ['1 result is about a frame of a video, which has no sidecar.'] : []),
      ...(frames > 1 ? [`${frames} results are about frames of videos, which have no sidecars.`] : []),
    ],
  };
}

function describeOthers(others: ReadonlyMap<string, readonly XmpProperty[]>): string[] {
  const [first] = others;
  if (first === undefined) return [];
  const [path, properties] = first;
  const what = new Intl.ListFormat('en').format(properties.map((property) => PROPERTY_NAMES[property]));
  const isOne = properties.length === 1 && properties[0] === 'description';
  const count = others.size - 1;
  const more = count === 0 ? '' : `, as in ${count} other ${count === 1 ? 'sidecar' : 'sidecars'}`;
  return [
    `${printablePath(path)} already had ${what} from another program; ${isOne ? 'it was' : 'they were'} kept${more}.`,
  ];
}

/** Text as a description, objects as keywords and regions. Absent where nothing was said or found. */
async function toProperties(result: TaskResult): Promise<XmpProperties> {
  const { input, image, text = '', detections = [] } = result;
  if (!isObjectResult(result)) {
    const words = escapeXml(text).trim();
    const description = `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${words}</rdf:li></rdf:Alt></dc:description>`;
    return new Map(words === '' ? [] : [['description', description]]);
  }
  if (detections.length === 0) return new Map();
  const labels = [...new Set(detections.map(({ label }) => escapeXmlLine(label).trim()))];
  const items = labels.filter((label) => label !== '').map((label) => `<rdf:li>${label}</rdf:li>`);
  const regions = formatRegions(detections, image!, await readOrientation(input));
  return new Map([
    ...(items.length === 0
      ? []
      : [['subject', `<dc:subject><rdf:Bag>${items.join('')}</rdf:Bag></dc:subject>`] as const]),
    ['regions', regions] as const,
  ]);
}

/** @returns undefined where there is no file. */
async function readSidecar(path: string): Promise<string | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (stats.size > MAX_SIDECAR_BYTES) return '';
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}
