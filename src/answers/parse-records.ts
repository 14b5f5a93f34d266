import type { Detection, RejectedRecord } from '../base/detection.js';
import { CODES_PER_MASK, LOC_TOKENS, SEG_TOKENS } from '../base/model-spec.js';
import { stripControl } from '../base/strip-control.js';
import { findAnswerTokens, type AnswerToken } from './find-answer-tokens.js';

/** A valid record of a detect or segment answer. Offsets are in the raw answer, in UTF-16 units. */
export interface ParsedRecord {
  /** y0, x0, y1, x1, each 0..1023, y0 < y1, x0 < x1. */
  readonly bins: Detection['bins'];
  /** 16 values, each 0..127; absent when the record has none. */
  readonly codes?: readonly number[];
  /** One line, trimmed, without control characters; empty when there is none. */
  readonly label: string;
  /** Where the first coordinate begins. */
  readonly start: number;
  /** Where the label begins; `end` when there is none. */
  readonly labelStart: number;
  /** Where the record ends, the separator not included. */
  readonly end: number;
}

/** An answer, taken apart: every piece of it is in one of these three. */
export interface ParsedAnswer {
  readonly records: readonly ParsedRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** The readable rest: all of it when the answer holds no tokens, control characters removed, trimmed. */
  readonly text: string;
}

/**
 * Read an answer. Never throws, in linear time, whatever the model wrote.
 *
 * A record is four coordinates, 16 mask codes or none, and a label: everything up to ` ; `, the next token or
 * the end. There may be a space between coordinates and codes. A record that breaks these rules is rejected
 * with its reason; its neighbours are not affected.
 *
 * @param raw special tokens written out, without <eos>.
 */
export function parseRecords(raw: string): ParsedAnswer {
  const tokens = findAnswerTokens(raw);
  if (tokens.length === 0) return { records: [], rejected: [], text: stripControl(raw).trim() };
  const records: ParsedRecord[] = [];
  const rejected: RejectedRecord[] = [];
  const rest = [raw.slice(0, tokens[0].start)];
  for (let next = 0; next < tokens.length;) {
    const locs = takeRun(tokens, next, 'loc');
    next += locs.length;
    const head = locs.at(-1)?.end;
    const isGapBlank = next < tokens.length && raw.slice(head, tokens[next].start).trim() === '';
    const segs = head === undefined || isGapBlank ? takeRun(tokens, next, 'seg') : [];
    next += segs.length;
    const [first] = [...locs, ...segs];
    const last = segs.at(-1) ?? locs.at(-1)!;
    const following = raw.slice(last.end, tokens[next]?.start);
    const { label, after } = locs.length === 0 ? { label: '', after: following } : splitLabel(following);
    rest.push(after);
    const labelStart = last.end + label.length - label.trimStart().length;
    const end = last.end + label.trimEnd().length;
    const reason = findFault(locs, segs);
    if (reason === undefined) {
      records.push({
        bins: locs.map(({ value }) => value) as unknown as Detection['bins'],
        ...(segs.length === 0 ? {} : { codes: segs.map(({ value }) => value) }),
        label: cleanLabel(label),
        start: first.start,
        labelStart: Math.min(labelStart, end),
        end,
      });
    } else {
      rejected.push({ raw: stripControl(raw.slice(first.start, end)), reason });
    }
  }
  return { records, rejected, text: joinRest(rest) };
}

/** Tokens of one kind in a row, without a gap. */
function takeRun(tokens: readonly AnswerToken[], from: number, kind: AnswerToken['kind']): AnswerToken[] {
  const run: AnswerToken[] = [];
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.kind !== kind || (run.length > 0 && token.start !== tokens[i - 1].end)) break;
    run.push(token);
  }
  return run;
}

/** The text after a record: its label, and what comes after the separator. */
function splitLabel(text: string): { label: string; after: string } {
  const separator = /(?:^|\s);(?=\s|$)/.exec(text);
  if (separator !== null) {
    return {
      label: text.slice(0, separator.index),
      after: text.slice(separator.index + separator[0].length),
    };
  }
  const label = text.trimEnd();
  return { label: label.endsWith(';') ? label.slice(0, -1) : label, after: '' };
}

/** Why these do not make a record; undefined when they do. */
function findFault(locs: readonly AnswerToken[], segs: readonly AnswerToken[]): string | undefined {
  if (locs.length === 0) return 'mask codes without coordinates';
  if (locs.some(({ value }) => Number.isNaN(value))) return 'malformed coordinate';
  if (locs.length < 4) return `${['one', 'two', 'three'][locs.length - 1]} of four coordinates`;
  if (locs.length > 4) return `${locs.length} coordinates instead of four`;
  const [y0, x0, y1, x1] = locs.map(({ value }) => value);
  if (Math.max(y0, x0, y1, x1) >= LOC_TOKENS) return 'coordinate out of range';
  if (y1 < y0 || x1 < x0) return 'inverted box';
  if (y1 === y0 || x1 === x0) return 'empty box';
  if (segs.length === 0) return undefined;
  if (segs.some(({ value }) => Number.isNaN(value))) return 'malformed mask code';
  if (segs.length < CODES_PER_MASK) return `${segs.length} of ${CODES_PER_MASK} mask codes`;
  if (segs.length > CODES_PER_MASK) return `${segs.length} mask codes instead of ${CODES_PER_MASK}`;
  return segs.some(({ value }) => value >= SEG_TOKENS) ? 'mask code out of range' : undefined;
}

function cleanLabel(label: string): string {
  return stripControl(label).replace(/\s+/g, ' ').trim();
}

/** Stray separators are not text. */
function joinRest(pieces: readonly string[]): string {
  return pieces
    .map((piece) =>
      stripControl(piece)
        .trim()
        .replace(/^;\s|\s;$|^;$/g, '')
        .trim(),
    )
    .filter((piece) => piece !== '')
    .join(' ');
}
