import type { CaptionTokens } from './caption-tokens.js';
import { MAX_NGRAM, NgramCounter } from './count-ngrams.js';

const SMALL = 1e-9;
const TINY = 1e-15;

/** What BLEU needs to know of a caption; those of several are added. */
export interface BleuCounts {
  /** Words of the caption. */
  readonly length: number;
  /** Words of the reference that comes closest in length, the shorter of two. */
  readonly referenceLength: number;
  /** Runs of 1 to 4 words, and how many of them are in a reference. */
  readonly guesses: readonly number[];
  readonly hits: readonly number[];
}

/** The counts of each caption. @param cases each with at least one reference. */
export function countBleu(cases: readonly CaptionTokens[]): BleuCounts[] {
  return cases.map(({ answer, references }) => {
    const counter = new NgramCounter();
    const most = new Map<number, number>();
    for (const words of references) {
      for (const ofLength of counter.count(words)) {
        for (const [run, count] of ofLength) most.set(run, Math.max(most.get(run) ?? 0, count));
      }
    }
    const hits = counter
      .count(answer)
      .map((ofLength) =>
        [...ofLength].reduce((sum, [run, count]) => sum + Math.min(count, most.get(run) ?? 0), 0),
      );
    const guesses = hits.map((_, n) => Math.max(0, answer.length - n));
    const referenceLength = references
      .map(({ length }) => length)
      .reduce((best, length) => (isCloser(length, best, answer.length) ? length : best));
    return { length: answer.length, referenceLength, guesses, hits };
  });
}

/**
 * BLEU-4 of all captions together, 0 to 1: the rule of coco-caption's `bleu_scorer.py` with its option `closest`,
 * which SciCap's row of the card is computed with.
 *
 * @param weights how often each caption counts; once where absent.
 */
export function scoreBleu(counts: readonly BleuCounts[], weights?: ArrayLike<number>): number {
  let length = 0;
  let referenceLength = 0;
  const guesses = new Array<number>(MAX_NGRAM).fill(0);
  const hits = new Array<number>(MAX_NGRAM).fill(0);
  counts.forEach((one, i) => {
    const weight = weights?.[i] ?? 1;
    length += weight * one.length;
    referenceLength += weight * one.referenceLength;
    for (let n = 0; n < MAX_NGRAM; n++) {
      guesses[n] += weight * one.guesses[n];
      hits[n] += weight * one.hits[n];
    }
  });
  const product = hits.reduce((product, hit, n) => (product * (hit + TINY)) / (guesses[n] + SMALL), 1);
  const ratio = (length + TINY) / (referenceLength + SMALL);
  return product ** (1 / MAX_NGRAM) * (ratio < 1 ? Math.exp(1 - 1 / ratio) : 1);
}

function isCloser(length: number, best: number, wanted: number): boolean {
  const [distance, other] = [Math.abs(length - wanted), Math.abs(best - wanted)];
  return distance < other || (distance === other && length < best);
}
