import { locToken } from './find-token-ids.js';
import type { PaliTokenizer } from './tokenizer.js';

/** A place in the labels that an answer may have: what may come next, and whether a label ends here. */
export interface LabelNode {
  readonly next: ReadonlyMap<number, LabelNode>;
  readonly isEnd: boolean;
}

interface GrowingNode {
  readonly next: Map<number, GrowingNode>;
  isEnd: boolean;
}

/** Each of these alone asks for whatever there is: the model names things itself. */
const ANYTHING: ReadonlySet<string> = new Set(['object', 'objects', 'all', 'everything']);

/**
 * The labels that an answer about these things may have, as tokens from the space after the coordinates on.
 * @returns undefined where the labels are left to the model: the single thing `object`, `all` and the like, or one that no label can spell.
 */
export function buildLabelTrie(
  things: readonly string[],
  tokenizer: Pick<PaliTokenizer, 'encode' | 'tokens'>,
): LabelNode | undefined {
  if (things.length === 0 || (things.length === 1 && ANYTHING.has(things[0].trim().toLowerCase()))) {
    return undefined;
  }
  const root: GrowingNode = { next: new Map(), isEnd: false };
  for (const thing of things) {
    const label = thing.trim();
    // A label with a semicolon after a space, or with `<`, would read as something else.
    if (label === '' || /[<\p{Cc}]|\s;/u.test(label)) return undefined;
    let node = root;
    for (const id of encodeLabel(label, tokenizer)) {
      const next = node.next.get(id) ?? { next: new Map<number, GrowingNode>(), isEnd: false };
      node.next.set(id, next);
      node = next;
    }
    node.isEnd = true;
  }
  return root;
}

/** For each of these labels the tokens from a coordinate to that of the next object: label and separator. */
export function listLabelGaps(
  things: readonly string[],
  tokenizer: Pick<PaliTokenizer, 'encode' | 'tokens'>,
): number[][] {
  const { firstLoc } = tokenizer.tokens;
  const all = things.map((thing) => tokenizer.encode(`${locToken(0)} ${thing.trim()} ; ${locToken(0)}`));
  return all.filter((ids) => ids[0] === firstLoc && ids.at(-1) === firstLoc).map((ids) => ids.slice(1, -1));
}

/** As it is written after a coordinate, which may be encoded otherwise than at the start of a text. */
function encodeLabel(label: string, tokenizer: Pick<PaliTokenizer, 'encode' | 'tokens'>): number[] {
  const [first, ...ids] = tokenizer.encode(`${locToken(0)} ${label}`);
  return first === tokenizer.tokens.firstLoc ? ids : tokenizer.encode(` ${label}`);
}
