import * as v from 'valibot';
import type { TaskResult } from '../../base/task-result.js';
import { SCHEMA_VERSION, toResultObject } from '../../render/formats/result-object.js';
import { stringifyJson } from '../../render/formats/stringify-json.js';
import { isSameVariant, type JournalRun } from './journal-run.js';

/** How every line begins. */
const JOURNAL_LINE_START = `{"schemaVersion":${SCHEMA_VERSION},`;

/** What tells runs apart; the rest of a line is read once it is needed. */
const lineSchema = v.object({
  input: v.string(),
  task: v.string(),
  prompt: v.string(),
  model: v.optional(v.object({ name: v.string(), dtype: v.string() })),
  frame: v.optional(v.object({ index: v.number() })),
  error: v.optional(v.unknown()),
  /** Only `pali eval` writes it. */
  example: v.optional(v.unknown()),
  options: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
});

/** A line of a journal: whose answer it is. */
export interface JournalLine {
  readonly input: string;
  /** The frame's number, if the input is a video. */
  readonly frame: number | undefined;
  /** It is not an error. */
  readonly isAnswer: boolean;
  /** It comes from another run. */
  readonly isOther: boolean;
  /** What it was asked with. */
  readonly description: string;
}

/**
 * A result as a line of a journal: with the run's options, and with scores and boxes that are not rounded, as what is
 * made of them later must be the same as at once.
 */
export function renderJournalLine(result: TaskResult, { options }: JournalRun): string {
  const fields = toResultObject(result);
  const detections = fields.detections?.map((rounded, i) => {
    const { score, boxScore, box } = result.detections![i];
    return { ...rounded, score, boxScore, box };
  });
  return `${stringifyJson({ ...fields, ...(detections && { detections }), options })}\n`;
}

/**
 * Read as much of a line as tells whether it belongs to a run. Lines of --format jsonl have no options, and are taken.
 * @throws it is no result.
 */
export function readJournalLine(text: string, run: JournalRun): JournalLine {
  const line = v.parse(lineSchema, JSON.parse(text));
  const { input, task, prompt, model, frame, error, example, options } = line;
  const isAnswer = error === undefined;
  if (isAnswer && model === undefined) throw new Error('no model');
  const isSame =
    example === undefined &&
    task === run.task &&
    (run.prompt === undefined || prompt === run.prompt) &&
    (model === undefined || (model.name === run.model && model.dtype === run.dtype)) &&
    (options === undefined || isSameVariant(options, run.options));
  const words = Object.entries(options ?? {}).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${value}`,
  );
  const asker = example === undefined ? [] : ['pali eval,'];
  const asked = [...asker, `${task} "${prompt}"`, ...words].join(' ');
  return {
    ...{ input, frame: frame?.index, isAnswer, isOther: !isSame },
    description: `${asked}, ${model === undefined ? 'no model' : `${model.name} ${model.dtype}`}`,
  };
}

/**
 * Whether a last line without a line break is what a run that was killed left of a result. A file of something else
 * must not lose its end.
 */
export function isCutOff(text: string): boolean {
  // What a power cut leaves of a line that was not yet on the disk.
  if (/^\0+$/.test(text)) return true;
  if (!text.startsWith(JOURNAL_LINE_START)) return JOURNAL_LINE_START.startsWith(text);
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
