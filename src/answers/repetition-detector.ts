import { LOC_TOKENS, SEG_TOKENS, type TokenIds } from '../base/model-spec.js';
import { RepeatedText } from './repeated-text.js';

/**
 * Watches an answer while it is generated and reports when it only repeats itself: the same record (coordinates,
 * codes and label) a second time, or the same stretch of text again and again. Cheap per token.
 */
export class RepetitionDetector {
  private readonly text = new RepeatedText();
  private readonly seen = new Set<string>();
  /** Tokens taken so far. */
  private count = 0;
  /** Where the last complete record ended, in tokens, its separator not counted. */
  private lastEnd = 0;
  /** Ids of the record that is being written, and how many of them are not separator or white space. */
  private record: number[] | undefined;
  private recordLength = 0;
  private wasLoc = false;
  /** The record's text so far ends in white space, or has not begun. */
  private isAfterSpace = true;

  /** @param tokens of the model that writes the answer. */
  constructor(private readonly tokens: Pick<TokenIds, 'firstLoc'>) {}

  /**
   * Take the next token.
   * @param piece its text by itself (PaliTokenizer.pieceOf).
   * @returns when the answer repeats itself: how many tokens of it to keep, the repeat left out.
   */
  push(id: number, piece: string): number | undefined {
    const place = id - this.tokens.firstLoc;
    const isLoc = place >= 0 && place < LOC_TOKENS;
    const isSeg = place >= LOC_TOKENS && place < LOC_TOKENS + SEG_TOKENS;
    const keep = isLoc && !this.wasLoc ? this.endRecord() : undefined;
    if (keep !== undefined) return keep;
    this.wasLoc = isLoc;
    if (isLoc) this.record ??= [];
    this.count++;
    if (!isLoc && !isSeg) return this.pushText(id, piece);
    // Sixteen equal codes are a plain mask, not a loop.
    this.text.reset();
    this.isAfterSpace = true;
    this.record?.push(id);
    this.recordLength = this.record?.length ?? 0;
    return undefined;
  }

  /**
   * The answer has ended by itself (not at the token limit, which may cut a label short).
   * @returns as `push` does.
   */
  finish(): number | undefined {
    return this.endRecord();
  }

  private pushText(id: number, piece: string): number | undefined {
    const repeated = this.text.push(id);
    if (repeated > 0) return this.count - repeated;
    if (this.record === undefined) return undefined;
    this.record.push(id);
    if (!/^[\s;]*$/.test(piece)) this.recordLength = this.record.length;
    const isSeparator = /\s;\s*$/.test((this.isAfterSpace ? ' ' : 'x') + piece);
    this.isAfterSpace = /\s$/.test(piece);
    return isSeparator ? this.endRecord() : undefined;
  }

  /** Remember the record that just ended; if it is not new, return where the one before it ended. */
  private endRecord(): number | undefined {
    if (this.record === undefined) return undefined;
    const start = this.count - this.record.length;
    const key = this.record.slice(0, this.recordLength).join(' ');
    this.record = undefined;
    if (this.seen.has(key)) return this.lastEnd;
    this.seen.add(key);
    this.lastEnd = start + this.recordLength;
    return undefined;
  }
}
