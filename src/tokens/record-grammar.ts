import { CODES_PER_MASK, isEnd, LOC_TOKENS, SEG_TOKENS } from '../base/model-spec.js';
import type { PaliTokenizer } from './tokenizer.js';

/** What a record holds: four coordinates, or four coordinates and 16 mask codes; then a label. */
export type RecordKind = 'detect' | 'segment';

/**
 * What may come next. `loc` and `seg` mean those tokens alone; `space` is a token of white space; `label` is
 * any text. In every state at least one loc, seg or <eos> token is possible.
 */
export type Expected =
  'loc-or-end' | 'loc' | 'seg-or-space' | 'seg' | 'label-or-end' | 'loc-or-space' | 'nothing';

/** White space tokens in a row where the answer's format has at most one; more would let a model run idle. */
const MAX_SPACE_TOKENS = 2;

/**
 * The grammar of detect and segment answers, for constrained decoding:
 *
 *     answer: [record {" ;" [space] record}] <eos>
 *     record: loc loc loc loc [[space] seg x 16] [label]
 *
 * Coordinates are y0 x0 y1 x1 and the box must not be empty: y0 < y1 and x0 < x1. A label holds neither `<`, which
 * could spell a token, nor control characters. Whatever it accepts to the end, parse-records reads without rejecting
 * anything. One instance per answer.
 */
export class RecordGrammar {
  private state: Expected = 'loc-or-end';
  private bins: number[] = [];
  private codes = 0;
  private spaces = 0;
  /** Label text so far ends in white space, or there is none yet. */
  private isAfterSpace = true;

  constructor(
    private readonly kind: RecordKind,
    private readonly tokenizer: Pick<PaliTokenizer, 'tokens' | 'pieceOf'>,
  ) {}

  /** What may come next; `allows` checks a single token. */
  get expected(): Expected {
    return this.state;
  }

  /** Whether this token may come next. Changes nothing, and is cheap enough to call for every candidate. */
  allows(id: number): boolean {
    const { tokens } = this.tokenizer;
    const { firstLoc, firstSeg } = tokens;
    switch (this.state) {
      case 'nothing':
        return false;
      case 'loc':
        return this.allowsLoc(id - firstLoc);
      case 'loc-or-end':
        return isEnd(tokens, id) || this.allowsLoc(id - firstLoc);
      case 'loc-or-space':
        return this.allowsLoc(id - firstLoc) || this.allowsSpace(id);
      case 'seg':
        return isCode(id - firstSeg);
      case 'seg-or-space':
        return isCode(id - firstSeg) || this.allowsSpace(id);
      case 'label-or-end':
        return isEnd(tokens, id) || this.readLabel(this.textOf(id)) !== undefined;
    }
  }

  /**
   * Advance by this token.
   * @throws {Error} the grammar does not allow it: ask `allows` first.
   */
  accept(id: number): void {
    if (!this.allows(id)) throw new Error(`Token ${id} is not allowed where ${this.state} is expected.`);
    const { tokens } = this.tokenizer;
    const { firstLoc, firstSeg } = tokens;
    if (isEnd(tokens, id)) this.state = 'nothing';
    else if (id >= firstLoc && id < firstLoc + LOC_TOKENS) this.acceptLoc(id - firstLoc);
    else if (isCode(id - firstSeg)) this.acceptCode();
    else if (this.state === 'label-or-end') this.acceptLabel(this.textOf(id)!);
    else this.spaces++;
  }

  private allowsLoc(value: number): boolean {
    if (value < 0 || value >= LOC_TOKENS) return false;
    const { bins } = this;
    // The first two leave room for a larger one.
    return bins.length < 2 ? value < LOC_TOKENS - 1 : value > bins[bins.length - 2];
  }

  private allowsSpace(id: number): boolean {
    if (this.spaces >= MAX_SPACE_TOKENS) return false;
    const text = this.textOf(id);
    return text !== undefined && /^\s+$/.test(text);
  }

  private acceptLoc(value: number): void {
    this.bins.push(value);
    if (this.bins.length < 4) {
      this.state = 'loc';
      return;
    }
    this.bins = [];
    this.codes = 0;
    this.spaces = 0;
    this.isAfterSpace = true;
    this.state = this.kind === 'segment' ? 'seg-or-space' : 'label-or-end';
  }

  private acceptCode(): void {
    this.codes++;
    this.state = this.codes === CODES_PER_MASK ? 'label-or-end' : 'seg';
  }

  private acceptLabel(text: string): void {
    if (this.readLabel(text) === 'separator') {
      this.state = 'loc-or-space';
      this.spaces = 0;
    } else {
      this.isAfterSpace = /\s$/.test(text);
    }
  }

  /** What a piece of a label does: go on, or end the record with ` ;`. Undefined when it may not come. */
  private readLabel(text: string | undefined): 'label' | 'separator' | undefined {
    if (text === undefined || text === '' || /[<\p{Cc}]/u.test(text)) return undefined;
    // A semicolon separates after white space, which the piece before may have brought, or right after the codes.
    const separator = /\s;(?=\s|$)/.exec((this.isAfterSpace ? ' ' : 'x') + text);
    if (separator === null) return 'label';
    return text.slice(separator.index + 1).trim() === '' ? 'separator' : undefined;
  }

  /** Text of an ordinary token; undefined for special ones, locations and codes. */
  private textOf(id: number): string | undefined {
    const { tokens } = this.tokenizer;
    const { pad, bos, image, firstLoc } = tokens;
    const isReserved = id === pad || id === bos || id === image || isEnd(tokens, id);
    const isLocOrSeg = id >= firstLoc && id < firstLoc + LOC_TOKENS + SEG_TOKENS;
    return isReserved || isLocOrSeg ? undefined : this.tokenizer.pieceOf(id);
  }
}

function isCode(value: number): boolean {
  return value >= 0 && value < SEG_TOKENS;
}
