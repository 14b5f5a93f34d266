import { decodeImage } from '../image/decode/decode-image.js';
import { InputError } from '../base/errors.js';
import type { Answered } from './answered.js';
import { checkTruthFits } from './check-truth-fits.js';
import { numberedLabels, type Dataset } from './dataset.js';
import type { EvalReport } from './eval-report.js';
import type { Example, FaultyExample } from './example.js';
import { matchResults } from './match-results.js';
import type { MetricName } from './metric-name.js';
import type { FoundResult } from './read-results.js';
import { reportMetric } from './report-scores.js';

/** How to measure results that exist. */
export interface ScoreOptions {
  readonly metrics: readonly MetricName[];
  readonly limit?: number | undefined;
  readonly against?: readonly FoundResult[] | undefined;
  readonly onFault: (example: FaultyExample) => void;
  readonly onNote: (sentence: string) => void;
}

/**
 * Measure results that exist against a data set.
 *
 * @param path of the data set, for the report.
 * @throws {InputError} no result belongs to an example.
 * @throws {UsageError} a metric does not fit.
 */
export async function scoreResults(
  results: readonly FoundResult[],
  dataset: Dataset,
  path: string,
  { metrics, limit, against, onFault, onNote }: ScoreOptions,
): Promise<{ readonly report: EvalReport; readonly answered: readonly Answered[]; readonly faults: number }> {
  const chosen = dataset.examples.slice(0, limit ?? dataset.examples.length);
  const faulty = chosen.filter((one): one is FaultyExample => 'error' in one);
  const examples = chosen.filter((one): one is Example => !('error' in one));
  const categories = numberedLabels(dataset);
  const matched = matchResults(results, examples, categories);
  if (matched.answered.length === 0) {
    throw new InputError(
      'RESULT_STRANGE',
      `None of the ${results.length} results belongs to an example of ${path}.`,
      {
        hint: 'They name their example by `example`, `question_id`, `image_id`, `id`, or by the picture and the question.',
      },
    );
  }
  if (matched.strangers > 0 && limit === undefined)
    onNote(
      `${matched.strangers} ${matched.strangers === 1 ? 'result belongs' : 'results belong'} to no example.`,
    );
  if (matched.missing.length > 0)
    onNote(
      matched.missing.length === 1
        ? '1 example has no result; it does not count.'
        : `${matched.missing.length} examples have no result; they do not count.`,
    );
  const answered: Answered[] = [];
  for (const one of matched.answered) {
    try {
      const sized = await withSize(one);
      if (sized.answer.size !== undefined) checkTruthFits(one.example, sized.answer.size);
      answered.push(sized);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faulty.push({ id: one.example.id, place: one.example.place, error });
    }
  }
  faulty.forEach(onFault);
  const before = against && (await sizesOf(matchResults(against, examples, categories).answered, answered));
  const { model } = results.find((result) => result.model !== undefined) ?? {};
  const report = {
    dataset: { path, kind: dataset.kind },
    ...(model && { model }),
    answered: answered.length,
    failed: chosen.length - answered.length,
    metrics: metrics.map((metric) => reportMetric(metric, answered, dataset.labels, before)),
  };
  return { report, answered, faults: faulty.length };
}

/** Truth in shares or polygons needs the picture's size, which other programs' results do not have. */
async function withSize({ example, answer }: Answered): Promise<Answered> {
  if (answer.size !== undefined || !needsSize(example)) return { example, answer };
  const { width, height } = await decodeImage(example.picture);
  return { example, answer: { ...answer, size: { width, height } } };
}

function needsSize({ truth }: Example): boolean {
  if (truth.kind === 'text') return false;
  const objects = truth.kind === 'referred' ? [truth.object] : truth.objects;
  return truth.isRelative === true || objects.some(({ mask }) => mask !== undefined && 'polygons' in mask);
}

/** The same pictures have the same sizes. */
async function sizesOf(before: readonly Answered[], answered: readonly Answered[]): Promise<Answered[]> {
  const sizes = new Map(answered.map(({ example, answer }) => [example, answer.size]));
  return before
    .filter(({ example }) => sizes.has(example))
    .map(({ example, answer }) => {
      const size = answer.size ?? sizes.get(example);
      return { example, answer: { ...answer, ...(size && { size }) } };
    });
}
