import { createRandomSource } from './random-source.js';

/**
 * A number about several independent things, such as pictures.
 * @param weights how often each counts; once where absent.
 * @returns undefined where it is not defined for such a draw.
 */
export type Statistic = (weights?: Uint16Array) => number | undefined;

/** Where a number lies in 95 of 100 draws. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How to draw. */
export interface DrawOptions {
  /** Things that are drawn from, with replacement. */
  readonly size: number;
  /** 1,000 where absent. */
  readonly draws?: number;
  /** The same seed gives the same interval; 0 where absent. */
  readonly seed?: number;
}

const DRAWS = 1000;
/** The middle 95 %. */
const TAIL = 0.025;

/** The statistic of each bootstrap draw, sorted; undefined draws are left out. */
function drawStatistics(statistic: Statistic, { size, draws = DRAWS, seed = 0 }: DrawOptions): number[] {
  const next = createRandomSource(seed);
  const weights = new Uint16Array(size);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0);
    for (let i = 0; i < size; i++) weights[next(size)]++;
    const value = statistic(weights);
    if (value !== undefined && !Number.isNaN(value)) values.push(value);
  }
  return values.sort((a, b) => a - b);
}

/**
 * The 95 % interval of a statistic by the percentile bootstrap (Efron and Tibshirani 1993).
 * @returns undefined for fewer than two things, or where too few draws are defined.
 */
export function bootstrapInterval(statistic: Statistic, options: DrawOptions): Interval | undefined {
  if (options.size < 2) return undefined;
  const values = drawStatistics(statistic, options);
  if (values.length < 20) return undefined;
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))];
  return { low: at(TAIL), high: at(1 - TAIL) };
}

/** The mean of numbers as a statistic. */
export function meanOf(values: ArrayLike<number>): Statistic {
  return (weights) => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const weight = weights?.[i] ?? 1;
      sum += weight * values[i];
      count += weight;
    }
    return count === 0 ? undefined : sum / count;
  };
}

/** The difference of two statistics about the same things, drawn together: `after` - `before`. */
export function differenceOf(after: Statistic, before: Statistic): Statistic {
  return (weights) => {
    const [a, b] = [after(weights), before(weights)];
    return a === undefined || b === undefined ? undefined : a - b;
  };
}
