import { countBleu, scoreBleu } from '../../metrics/captions/bleu.js';
import { toCaptionTokens } from '../../metrics/captions/caption-tokens.js';
import { scoreCider } from '../../metrics/captions/cider.js';
import { meanOf } from '../../metrics/statistics/bootstrap.js';
import type { Answered } from '../answered.js';
import type { TextTruth } from '../example.js';
import type { Scoring } from './scoring.js';

/**
 * CIDEr, whose document frequencies are those of these examples, or BLEU-4.
 * @param answered all with a truth in words.
 */
export function scoreCaptions(metric: 'cider' | 'bleu', answered: readonly Answered[]): Scoring {
  const tokens = toCaptionTokens(
    answered.map(({ example, answer }) => ({
      answer: answer.text,
      references: (example.truth as TextTruth).answers,
    })),
  );
  if (metric === 'cider') {
    const scores = [...scoreCider(tokens).scores];
    return { statistic: meanOf(scores), size: scores.length, scores, parts: [] };
  }
  const counts = countBleu(tokens);
  const statistic: Scoring['statistic'] = (weights) => scoreBleu(counts, weights);
  return { statistic, size: counts.length, scores: counts.map((one) => scoreBleu([one])), parts: [] };
}
