import { CODES_PER_MASK, isEnd, LOC_TOKENS, SEG_TOKENS } from '../base/model-spec.js';
import type { LabelNode } from './label-trie.js';
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

/** After a label and a space: only a separator, or the end. */
const LABEL_END: LabelNode = { next: new Map(), isEnd: true };

/**
 * The grammar of detect and segment answers, for constrained decoding:
 *
 *     answer: [record {" ;" [space] record}] <eos>
 *     record: loc loc loc loc [[space] seg x 16] [label]
 *
 * Coordinates are y0 x0 y1 x1 and the box must not be empty: y0 < y1 and x0 < x1. A label holds neither `<`, which
 * could spell a token, nor control characters; where labels are bound it is one of them. Whatever it accepts to the
 * end, parse-records reads without rejecting anything. One instance per answer.
 */
export class RecordGrammar {
  private state: Expected = 'loc-or-end';
  private bins: number[] = [];
  private codes = 0;
  private spaces = 0;
  /** Label text so far ends in white space, or there is none yet. */
  private isAfterSpace = true;
  /** Where in a label the answer is, where labels are bound. */
  private place: LabelNode | undefined;

  /** @param labels the only ones that there may be; any where absent. */
  constructor(
    private readonly kind: RecordKind,
    private readonly tokenizer: Pick<PaliTokenizer, 'tokens' | 'pieceOf'>,
    private readonly labels?: LabelNode,
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
        return this.place === undefined
          ? isEnd(tokens, id) || this.readLabel(this.textOf(id)) !== undefined
          : this.allowsBound(this.place, id);
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
    else if (this.state === 'label-or-end') this.acceptLabel(id);
    else this.spaces++;
  }

  /** Inside a bound label: the tokens that may come next, where the record may not end. Empty elsewhere. */
  get choices(): readonly number[] {
    const { place } = this;
    if (this.state !== 'label-or-end' || place === undefined || this.mayEndAt(place)) return [];
    return [...place.next.keys()];
  }

  /** The tokens that must come next, because nothing else may: the rest of a bound label. */
  get forcedIds(): readonly number[] {
    const ids: number[] = [];
    let [place, choices] = [this.place, this.choices];
    while (choices.length === 1) {
      ids.push(choices[0]);
      place = place!.next.get(choices[0])!;
      choices = place.isEnd ? [] : [...place.next.keys()];
    }
    return ids;
  }

  /** A record may have no label, so it may also end where one would begin. */
  private mayEndAt(place: LabelNode): boolean {
    return place.isEnd || place === this.labels;
  }

  private allowsBound(place: LabelNode, id: number): boolean {
    if (place.next.has(id)) return true;
    if (!this.mayEndAt(place)) return false;
    const text = this.textOf(id);
    // Some tokenizers have the space before the semicolon as a token of its own.
    const isSpace = !this.isAfterSpace && text !== undefined && /^[^\S\n\t]+$/.test(text);
    return isEnd(this.tokenizer.tokens, id) || isSpace || this.readLabel(text) === 'separator';
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
    this.place = this.labels;
    this.state = this.kind === 'segment' ? 'seg-or-space' : 'label-or-end';
  }

  private acceptCode(): void {
    this.codes++;
    this.state = this.codes === CODES_PER_MASK ? 'label-or-end' : 'seg';
  }

  private acceptLabel(id: number): void {
    const text = this.textOf(id)!;
    const next = this.place?.next.get(id);
    if (next !== undefined) {
      this.place = next;
      this.isAfterSpace = /\s$/.test(text);
    } else if (this.readLabel(text) === 'separator') {
      this.state = 'loc-or-space';
      this.spaces = 0;
    } else {
      this.isAfterSpace = /\s$/.test(text);
      // After a bound label there is but a space.
      if (this.place !== undefined) this.place = LABEL_END;
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
