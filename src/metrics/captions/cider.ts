import type { CaptionTokens } from './caption-tokens.js';
import { MAX_NGRAM, NgramCounter, type NgramCounts } from './count-ngrams.js';

/** Width of the bell that a difference in length is weighed with, in pairs of words. */
const SIGMA = 6;
const SCALE = 10;

/** CIDEr of a set of captions. */
export interface CiderScore {
  /** Mean of `scores`; 0 to 10, often printed times 100. */
  readonly score: number;
  /** Of each caption, in order. */
  readonly scores: Float64Array;
}

interface Weighed {
  /** By length, the weight of each run of words. */
  readonly weights: readonly ReadonlyMap<number, number>[];
  readonly norms: readonly number[];
  /** Pairs of words: what coco-caption calls the length. */
  readonly length: number;
}

/**
 * CIDEr-D: how much a caption's runs of 1 to 4 words are those of people, where rare runs count more. The rule of
 * coco-caption's `cider_scorer.py`, which big_vision's `coco_caption.py` calls: weights are tf-idf with the document
 * frequencies of these references, clipped at the reference's; sigma 6; the lengths compared are counts of bigrams;
 * times 10.
 *
 * @param cases each with at least one reference.
 */
export function scoreCider(cases: readonly CaptionTokens[]): CiderScore {
  const counter = new NgramCounter();
  const references = cases.map((one) => one.references.map((words) => counter.count(words)));
  const known = counter.size + 1;
  const frequencies = new Uint32Array(known);
  for (const ofPicture of references) {
    const runs = new Set(ofPicture.flatMap((counts) => counts.flatMap((ofLength) => [...ofLength.keys()])));
    for (const run of runs) frequencies[run]++;
  }
  const logTotal = Math.log(cases.length);
  const idf = Float64Array.from(frequencies, (count) => logTotal - Math.log(Math.max(1, count)));
  const weigh = (counts: NgramCounts): Weighed =>
    weighCounts(counts, (run) => (run < known ? idf[run] : logTotal));
  const scores = Float64Array.from(cases, ({ answer }, i) => {
    const weighed = weigh(counter.count(answer));
    const sum = references[i].reduce((sum, counts) => sum + compare(weighed, weigh(counts)), 0);
    return (sum / MAX_NGRAM / references[i].length) * SCALE;
  });
  return { score: scores.reduce((sum, score) => sum + score, 0) / scores.length, scores };
}

function weighCounts(counts: NgramCounts, idf: (run: number) => number): Weighed {
  const norms: number[] = [];
  let length = 0;
  const weights = counts.map((ofLength, n) => {
    const weighed = new Map<number, number>();
    let squares = 0;
    for (const [run, count] of ofLength) {
      const weight = count * idf(run);
      weighed.set(run, weight);
      squares += weight * weight;
      if (n === 1) length += count;
    }
    norms.push(Math.sqrt(squares));
    return weighed;
  });
  return { weights, norms, length };
}

/** Sum over the lengths of the runs. */
function compare(answer: Weighed, reference: Weighed): number {
  const penalty = Math.exp(-((answer.length - reference.length) ** 2) / (2 * SIGMA ** 2));
  let sum = 0;
  for (let n = 0; n < MAX_NGRAM; n++) {
    let shared = 0;
    for (const [run, weight] of answer.weights[n]) {
      const other = reference.weights[n].get(run);
      if (other !== undefined) shared += Math.min(weight, other) * other;
    }
    const norms = answer.norms[n] * reference.norms[n];
    sum += (norms === 0 ? shared : shared / norms) * penalty;
  }
  return sum;
}
