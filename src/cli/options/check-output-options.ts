import { UsageError } from '../../base/errors.js';
import { mayFindObjects, type TaskName } from '../../base/task-name.js';
import { formatOf, isFilesFormat } from '../../render/formats/result-formats.js';
import type { CommandCall } from './command-definition.js';
import type { OutputOptions } from './output-options.js';

/** Options about objects need a task that finds some, and masks one that draws them. */
export function checkFits(
  { labels, masks, cutout }: OutputOptions,
  options: CommandCall['options'],
  task: TaskName,
): void {
  if (task === 'detect' && masks !== undefined) {
    refuse('--masks writes masks, but detect gives only boxes.', 'Use segment.');
  }
  if (mayFindObjects(task)) return;
  const about = { '--labels': labels, '--masks': masks, '--cutout': cutout, '--track': options['track'] };
  const given = Object.entries(about).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  refuse(`${given[0]} is about objects, but ${task} gives none.`, 'Use detect, segment or ask.');
}

/** @throws {UsageError} there is nothing to hide, or nowhere to write it. */
export function checkRedact(task: TaskName, path: string | undefined): void {
  if (!mayFindObjects(task)) {
    refuse(`--redact hides objects, but ${task} gives none.`, 'Use detect, segment or ask.');
  }
  if (path === undefined) {
    refuse(
      '--redact says what to draw, but not where to write it.',
      'Add: --overlay out.png, or for a video: --annotate out.mp4',
    );
  }
}

/** @throws {UsageError} options conflict. */
export function checkTogether(read: OutputOptions, task: TaskName): void {
  const { format, isStream, output, hasPolygons, split, isOverwriting, skipsExisting, alternatives, show } =
    read;
  const row = formatOf(format);
  if (alternatives !== undefined && !row.isJson) {
    refuse(`--logprobs does not show in the ${format} format.`, 'Add: --format json');
  }
  if (isStream && format !== 'jsonl') {
    refuse(`--stream writes lines of JSON, not ${format}.`, 'Leave out --format.');
  }
  if (row.holds === 'objects' && !mayFindObjects(task)) {
    refuse(`--format ${format} holds objects, but ${task} gives none.`, 'Use detect or segment.');
  }
  if (hasPolygons && format !== 'coco') refuse('--polygons is for coco.', 'Add: --format coco');
  const sidecar = [read.extension, read.prefix, read.suffix].some((option) => option !== undefined);
  if (sidecar && row.isSidecar !== true) {
    refuse(`--extension, --prefix and --suffix are for text and xmp, not ${format}.`, 'Leave out --format.');
  }
  if (read.extension !== undefined && output === undefined) {
    refuse('--extension is of the files in the folder of --output.', 'Add: --output captions/');
  }
  if (skipsExisting && output === undefined && read.overlay === undefined) {
    refuse('--skip-existing looks into the folder of --output.', 'Add: --output captions/');
  }
  if (skipsExisting && isOverwriting) {
    refuse('--skip-existing keeps what --overwrite replaces.', 'Leave one of them out.');
  }
  if (read.resume === '-') {
    refuse('--resume names a file, and - is none.', 'Add: --resume answers.jsonl');
  }
  if (split !== undefined && format !== 'yolo') refuse('--split is for yolo.', 'Add: --format yolo');
  if (isFilesFormat(row) && output === undefined) {
    refuse(`--format ${format} writes a file for each picture.`, 'Name their folder: --output labels/');
  }
  if (show !== 'off' && format !== 'text' && output === undefined) {
    refuse(`--show would put a picture into the ${format} output.`, 'Add: --output FILE');
  }
}

/** @throws {UsageError} always. */
export function refuse(what: string, hint: string): never {
  throw new UsageError('OPTION_VALUE', what, { hint });
}
