import { CODES_PER_MASK, LOC_TOKENS, SEG_TOKENS, type TokenIds } from '../../base/model-spec.js';

/** Places in a row after which words come. */
const RUN_LENGTHS = { loc: 4, seg: CODES_PER_MASK } as const;

type PlaceKind = keyof typeof RUN_LENGTHS;

/** The tokens between the places of a record and those that come next. */
interface Gap {
  readonly after: PlaceKind;
  readonly tokens: number[];
}

/**
 * Guesses what stands between the coordinates (or mask codes) of one object and those of the next: label and
 * separator, which are mostly those of the object before.
 */
export class RecordDrafter {
  readonly #tokens: Pick<TokenIds, 'firstLoc'>;
  readonly #labelsAfter: PlaceKind;
  readonly #expected: readonly Gap[];

  /**
   * @param labelsAfter what labels stand after.
   * @param labelGaps tokens of each label that there may be, with the separator, the likeliest first.
   */
  constructor(
    tokens: Pick<TokenIds, 'firstLoc'>,
    labelsAfter: PlaceKind,
    labelGaps: readonly (readonly number[])[],
  ) {
    this.#tokens = tokens;
    this.#labelsAfter = labelsAfter;
    this.#expected = labelGaps.map((gap) => ({ after: labelsAfter, tokens: [...gap] })).reverse();
  }

  /**
   * @param ids the answer so far.
   * @returns tokens that probably come next; none inside of coordinates, nor where objects have changing labels.
   */
  propose(ids: readonly number[]): readonly number[] {
    const { gaps, open } = readGaps(ids, this.#tokens.firstLoc);
    if (open === undefined) return [];
    const alike = gaps.filter(({ after }) => after === open.after);
    const isLabel = open.after === this.#labelsAfter;
    const known = [...(isLabel ? this.#expected : []), ...alike];
    const begun = open.tokens;
    if (begun.length === 0) {
      const [last, beforeLast] = [alike.at(-1), alike.at(-2)];
      const isChanging = last && beforeLast && last.tokens.join() !== beforeLast.tokens.join();
      // Among labels of any kind the next is seldom the last one again.
      const isFree = isLabel && this.#expected.length === 0;
      return isFree || isChanging ? [] : (known.at(-1)?.tokens ?? []);
    }
    const whole = known.findLast(({ tokens }) => begun.every((id, i) => tokens[i] === id));
    return whole?.tokens.slice(begun.length) ?? [];
  }
}

/** What stood between places, empty or not, and the gap at the end, if the answer is in one. */
function readGaps(ids: readonly number[], firstLoc: number): { gaps: Gap[]; open: Gap | undefined } {
  const gaps: Gap[] = [];
  let open: Gap | undefined;
  let [kind, length]: [PlaceKind | undefined, number] = [undefined, 0];
  for (const id of ids) {
    const now = kindOf(id - firstLoc);
    if (now === undefined) {
      open?.tokens.push(id);
      kind = undefined;
      continue;
    }
    if (open !== undefined) gaps.push(open);
    length = now === kind && open === undefined ? length + 1 : 1;
    kind = now;
    open = length === RUN_LENGTHS[now] ? { after: now, tokens: [] } : undefined;
  }
  return { gaps, open };
}

function kindOf(place: number): PlaceKind | undefined {
  if (place < 0 || place >= LOC_TOKENS + SEG_TOKENS) return undefined;
  return place < LOC_TOKENS ? 'loc' : 'seg';
}
