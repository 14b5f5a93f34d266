import { UsageError } from '../../base/errors.js';
import { redactStyles, type RedactStyle } from '../../base/redact-style.js';
import { mayFindObjects, type TaskName } from '../../base/task-name.js';
import {
  readShowWord,
  showSynonyms,
  showWords,
  type ShowWord,
} from '../../render/terminal-picture/show-words.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { sheetPages, type SheetPage } from '../../base/sheet-page.js';
import { labelStyles, type LabelStyle } from '../../render/drawing/label-style.js';
import { readChoice, readFlag, readNumber, readText } from './read-option.js';
import {
  formatOf,
  isFilesFormat,
  resultFormats,
  type ResultFormat,
} from '../../render/formats/result-formats.js';

/** `--show every`: as `auto`, with each frame of a video. */
const EVERY = 'every';

/** The engine reports at most this many alternatives. */
const MAX_ALTERNATIVES = 20;

/** Formats for answers in words. */
export const wordFormats = resultFormats.filter((name) => formatOf(name).holds !== 'objects');

/** What --format can be. */
export function formatChoice(
  formats: readonly ResultFormat[],
): Pick<OptionDefinition, 'description' | 'values'> {
  return { description: `${formats.join(', ')} (default: text)`, values: formats };
}

/** Options that say what is written, and where. */
export const outputOptions: readonly OptionDefinition[] = [
  {
    flags: '--format <format>',
    ...formatChoice(resultFormats),
  },
  {
    flags: '-o, --output <path>',
    description: 'write to this file, whole or not at all; into a folder, one file for each picture',
  },
  { flags: '--extension <ending>', description: 'of the files in a folder, such as .caption' },
  { flags: '--prefix <text>', description: 'text, xmp: put this before each answer' },
  { flags: '--suffix <text>', description: 'text, xmp: put this after each answer' },
  { flags: '--overwrite', description: 'in a folder: replace files that differ, rather than keep them' },
  { flags: '--skip-existing', description: 'in a folder: ask nothing about pictures that have their file' },
  {
    flags: '--resume <file>',
    description: 'keep answers in this file as JSON lines, and ask only about what is not in it',
  },
  { flags: '--stream', description: 'print a line of JSON for each token, box and mask as it arrives' },
  { flags: '--polygons', description: 'coco: masks as polygons instead of run lengths' },
  {
    flags: '--split <share>',
    description: 'yolo: a whole data set with copies of the pictures, this share to train with, such as 0.8',
  },
  { flags: '--frames-to <folder>', description: 'write the frames of videos that were looked at, as JPEG' },
  { flags: '--no-filename', description: 'never begin a line with the name of the picture' },
  { flags: '--logprobs <count>', description: 'json: tokens with their likeliest alternatives, 0 to 20' },
  {
    flags: '--overlay <path>',
    description: 'draw the answer on the picture: a file, or a folder for several',
  },
  {
    flags: '--labels <what>',
    description: `written at boxes: ${labelStyles.join(', ')} (default: the name, and a score below 1.00)`,
    values: labelStyles,
  },
  {
    flags: '--redact <how>',
    description: `with --overlay or --annotate, hide what was found instead: ${redactStyles.join(', ')}`,
    values: redactStyles,
  },
  {
    flags: '--contact-sheet <path>',
    description: 'write one picture of all, small, with what was found; of several videos, a folder of them',
  },
  {
    flags: '--sheet-page <page>',
    description: `what the sheet is for: ${sheetPages.join(', ')} (default: ${sheetPages[0]})`,
    values: sheetPages,
  },
  { flags: '--masks <folder>', description: 'write one PNG for each mask into this folder' },
  { flags: '--cutout <folder>', description: 'write each object, cut out, as a PNG into this folder' },
  {
    flags: '--show [how]',
    description:
      `draw it in the terminal: ${showWords.join(', ')}; ` +
      'every: of a video each frame, rather than one picture that changes',
    values: [...showWords, EVERY],
    otherValues: showSynonyms,
  },
  { flags: '--dry-run', description: 'print the prompts and ask nothing' },
];

/** What is written, checked. */
export interface OutputOptions {
  readonly format: ResultFormat;
  readonly isStream: boolean;
  readonly output: string | undefined;
  /** Of the files in the folder of `output`, dot included; the format's own when absent. */
  readonly extension: string | undefined;
  readonly prefix: string | undefined;
  readonly suffix: string | undefined;
  /** Files in the folder of `output` or `overlay` that differ are replaced. */
  readonly isOverwriting: boolean;
  /** Pictures whose files are there are left out. */
  readonly skipsExisting: boolean;
  /** Keeps every answer, and holds those of an earlier run. */
  readonly resume: string | undefined;
  readonly hasPolygons: boolean;
  /** Of the pictures of a data set, those to train with, 0 to 1. */
  readonly split: number | undefined;
  readonly framesTo: string | undefined;
  readonly withFilename: boolean;
  readonly alternatives: number | undefined;
  readonly overlay: string | undefined;
  /** What is written at boxes; when absent, the name, and a score that says something. */
  readonly labels: LabelStyle | undefined;
  readonly redact: RedactStyle | undefined;
  readonly contactSheet: string | undefined;
  readonly sheetPage: SheetPage | undefined;
  readonly masks: string | undefined;
  readonly cutout: string | undefined;
  readonly show: ShowWord;
  /** Show each frame of a video below the one before it. */
  readonly showsEvery: boolean;
  readonly isDryRun: boolean;
}

/** @throws {UsageError} a value is not allowed, or options conflict. */
export function readOutputOptions({ options }: CommandCall, task: TaskName): OutputOptions {
  const isStream = readFlag(options, 'stream');
  const chosen = readChoice(options, 'format', resultFormats);
  const format = chosen ?? (isStream ? 'jsonl' : 'text');
  const read: OutputOptions = {
    format,
    isStream,
    output: readOutput(readText(options, 'output'), format),
    extension: readExtension(readText(options, 'extension')),
    prefix: readText(options, 'prefix'),
    suffix: readText(options, 'suffix'),
    isOverwriting: readFlag(options, 'overwrite'),
    skipsExisting: readFlag(options, 'skipExisting'),
    resume: readText(options, 'resume'),
    hasPolygons: readFlag(options, 'polygons'),
    split: readNumber(options, 'split', { min: 0, max: 1 }),
    framesTo: readText(options, 'framesTo'),
    withFilename: options['filename'] !== false,
    alternatives: readNumber(options, 'logprobs', { min: 0, max: MAX_ALTERNATIVES, isWhole: true }),
    overlay: readText(options, 'overlay'),
    labels: readChoice(options, 'labels', labelStyles),
    redact: readChoice(options, 'redact', redactStyles),
    contactSheet: readText(options, 'contactSheet'),
    sheetPage: readChoice(options, 'sheetPage', sheetPages),
    masks: readText(options, 'masks'),
    cutout: readText(options, 'cutout'),
    show: readShow(readText(options, 'show')),
    showsEvery: readText(options, 'show') === EVERY,
    isDryRun: readFlag(options, 'dryRun'),
  };
  checkFits(read, options, task);
  checkTogether(read, task);
  if (read.redact !== undefined) checkRedact(task, read.overlay ?? readText(options, 'annotate'));
  return read;
}

/** `-` is stdout, as without the option. @throws {UsageError} the format has no room there. */
function readOutput(text: string | undefined, format: ResultFormat): string | undefined {
  if (text !== '-') return text;
  if (isFilesFormat(formatOf(format))) {
    refuse(`--format ${format} writes a file for each picture.`, 'Name their folder: --output labels/');
  }
  return undefined;
}

/** @throws {UsageError} it would name a folder, or nothing. */
function readExtension(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const name = text.replace(/^\./, '');
  if (!/^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*$/u.test(name)) {
    refuse(`--extension cannot be '${text}'.`, 'It is letters and digits, such as .caption.');
  }
  return `.${name}`;
}

/** @throws {UsageError} it is no word for a way to draw. */
function readShow(text: string | undefined): ShowWord {
  const word = text === undefined ? 'off' : text === EVERY ? 'auto' : readShowWord(text);
  if (word === undefined)
    refuse(`--show cannot be '${text}'.`, `It is one of: ${[...showWords, EVERY].join(', ')}.`);
  return word;
}

/** Options about objects need a task that finds some, and masks one that draws them. */
function checkFits(
  { labels, masks, cutout }: OutputOptions,
  options: CommandCall['options'],
  task: TaskName,
): void {
  if (task === 'detect' && masks !== undefined) {
    refuse('--masks writes masks, and detect gives boxes alone.', 'Use segment.');
  }
  if (mayFindObjects(task)) return;
  const about = { '--labels': labels, '--masks': masks, '--cutout': cutout, '--track': options['track'] };
  const given = Object.entries(about).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  refuse(`${given[0]} is about objects, and ${task} gives none.`, 'Use detect, segment or ask.');
}

function checkRedact(task: TaskName, path: string | undefined): void {
  if (!mayFindObjects(task)) {
    refuse(`--redact hides objects, and ${task} gives none.`, 'Use detect, segment or ask.');
  }
  if (path === undefined) {
    refuse(
      '--redact says what to draw, but not where to write it.',
      'Add: --overlay out.png, or for a video: --annotate out.mp4',
    );
  }
}

function checkTogether(read: OutputOptions, task: TaskName): void {
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
    refuse(`--format ${format} holds objects, and ${task} gives none.`, 'Use detect or segment.');
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

function refuse(what: string, hint: string): never {
  throw new UsageError('OPTION_VALUE', what, { hint });
}
