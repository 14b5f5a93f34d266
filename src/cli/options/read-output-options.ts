import { redactStyles } from '../../base/redact-style.js';
import { sheetPages } from '../../base/sheet-page.js';
import type { TaskName } from '../../base/task-name.js';
import { labelStyles } from '../../render/drawing/label-style.js';
import {
  formatOf,
  isFilesFormat,
  resultFormats,
  type ResultFormat,
} from '../../render/formats/result-formats.js';
import { readShowWord, showWords, type ShowWord } from '../../render/terminal-picture/show-words.js';
import { checkFits, checkRedact, checkTogether, refuse } from './check-output-options.js';
import type { CommandCall } from './command-definition.js';
import { EVERY, MAX_ALTERNATIVES, type OutputOptions } from './output-options.js';
import { readChoice, readFlag, readNumber, readText } from './read-option.js';

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
