import { redactStyles, type RedactStyle } from '../../base/redact-style.js';
import { showSynonyms, showWords, type ShowWord } from '../../render/terminal-picture/show-words.js';
import type { OptionDefinition } from './command-definition.js';
import { sheetPages, type SheetPage } from '../../base/sheet-page.js';
import { labelStyles, type LabelStyle } from '../../render/drawing/label-style.js';
import { formatOf, resultFormats, type ResultFormat } from '../../render/formats/result-formats.js';

/** `--show every`: as `auto`, with each frame of a video. */
export const EVERY = 'every';

/** The engine reports at most this many alternatives. */
export const MAX_ALTERNATIVES = 20;

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
    description: 'write to this file, whole or not at all; or into a folder, one file for each picture',
  },
  { flags: '--extension <ending>', description: 'extension of the files in a folder, such as .caption' },
  { flags: '--prefix <text>', description: 'text, xmp: put this before each answer' },
  { flags: '--suffix <text>', description: 'text, xmp: put this after each answer' },
  {
    flags: '--overwrite',
    description: 'in a folder: replace existing files that differ, instead of keeping them',
  },
  { flags: '--skip-existing', description: 'in a folder: skip pictures that already have a file' },
  {
    flags: '--resume <file>',
    description: 'keep answers in this file as JSON lines, and ask only about pictures that are not in it',
  },
  { flags: '--stream', description: 'print a line of JSON for each token, box and mask as it arrives' },
  { flags: '--polygons', description: 'coco: masks as polygons instead of run lengths' },
  {
    flags: '--split <share>',
    description:
      'yolo: a complete data set with copies of the pictures, this share of them for training, such as 0.8',
  },
  { flags: '--frames-to <folder>', description: 'save the sampled frames of videos as JPEG' },
  { flags: '--no-filename', description: 'never begin a line with the name of the picture' },
  {
    flags: '--logprobs <count>',
    description: 'json: each token with this many likely alternatives, 0 to 20',
  },
  {
    flags: '--overlay <path>',
    description: 'draw the answer on the picture: a file, or a folder for several',
  },
  {
    flags: '--labels <what>',
    description: `what to write at boxes: ${labelStyles.join(', ')} (default: the name, and a score below 1.00)`,
    values: labelStyles,
  },
  {
    flags: '--redact <how>',
    description: `with --overlay or --annotate, hide what was found instead: ${redactStyles.join(', ')}`,
    values: redactStyles,
  },
  {
    flags: '--contact-sheet <path>',
    description:
      'write one sheet of all pictures or frames, small, with what was found; for several videos, a folder of sheets',
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
      `draw the picture in the terminal: ${showWords.join(', ')}; ` +
      'every: each frame of a video, instead of one picture that changes',
    values: [...showWords, EVERY],
    otherValues: showSynonyms,
  },
  { flags: '--dry-run', description: 'only print the prompts' },
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
