import { MAPPED_RUNS } from '../../../src/engine/model/late-packing.js';
import type { MachineLimits } from '../machine-limits.js';
import { countWeights } from '../random-checkpoint.js';
import { estimateTokenBytes } from './estimate-token-bytes.js';
import { IMAGE_TOKENS, partOfPaligemma, type PeerMeasurement, PROMPT_IDS } from './peer-sizes.js';

/** One who takes part: a process of its own for each measurement. */
export interface Contender {
  readonly name: string;
  readonly measure: () => Promise<PeerMeasurement>;
}

/** What is printed. */
export interface PeerReport {
  readonly part: number;
  readonly about: string;
  readonly limits: MachineLimits;
  readonly results: ReadonlyMap<string, PeerMeasurement>;
  readonly skipped: readonly string[];
}

/** Every contender in turn, as often as there are rounds; the least of each time counts, and the largest peak. */
export async function comparePeers(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, PeerMeasurement>> {
  const results = new Map<string, PeerMeasurement>();
  for (let round = 1; round <= rounds; round++) {
    for (const { name, measure } of contenders) {
      process.stderr.write(`round ${round} of ${rounds}: ${name}\n`);
      const now = await measure();
      const before = results.get(name);
      results.set(name, before === undefined ? now : join(before, now));
    }
  }
  return results;
}

function join(a: PeerMeasurement, b: PeerMeasurement): PeerMeasurement {
  const entries = Object.entries(a).map(([key, value]: [string, number]) => {
    const other = b[key as keyof PeerMeasurement]!;
    return [key, key === 'peakMB' ? Math.max(value, other) : Math.min(value, other)];
  });
  return Object.fromEntries(entries) as PeerMeasurement;
}

/** A table in Markdown. */
export function reportPeers({ part, about, limits, results, skipped }: PeerReport): string {
  const config = partOfPaligemma(part);
  const { text, vision } = config;
  const tokens = IMAGE_TOKENS + PROMPT_IDS.length;
  const layers = countWeights(config) - countWeights({ ...config, text: { ...text, layers: 0 } });
  const bestPrefillMs = (2 * layers * tokens) / limits.int8Gops / 1e6;
  const bestTokenMs = estimateTokenBytes(config, 'int4') / limits.readGBPerSecond / 1e6;
  const rows = [...results].map(([name, result]) => {
    const { loadMs, visionMs, prefillMs, laterFirstMs, tokenMs, locTokenMs, peakMB } = result;
    const firstMs = visionMs === undefined ? undefined : visionMs + prefillMs;
    const times = [loadMs, visionMs, prefillMs, firstMs, laterFirstMs, tokenMs, locTokenMs].map(showMs);
    return `| ${[name, ...times, `${(peakMB / 1000).toFixed(1)} GB`].join(' | ')} |`;
  });
  const what =
    part === 1
      ? 'PaliGemma 3B at 224 px'
      : `a part of PaliGemma 3B at 224 px (${vision.layers} of 27 vision layers, ${text.layers} of 18 text layers, ${text.vocabSize} of 257216 tokens)`;
  return [
    `Random weights, ${what}; ${tokens} prompt tokens; ${about}.`,
    `Limits in the same run: float32 GEMM ${limits.gemmGflops.toFixed(0)} GFLOP/s, 8 bits ${limits.int8Gops.toFixed(0)} GOP/s, reading ${limits.readGBPerSecond.toFixed(1)} GB/s.`,
    '',
    `| | load | vision | prefill | first token | from picture ${MAPPED_RUNS + 1} | a token | a location | peak |`,
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    `| the machine at best (8-bit products, int4 read once) | | | ${showMs(bestPrefillMs)} | | | ${showMs(bestTokenMs)} | | |`,
    '',
    ...skipped.map((sentence) => `Not compared: ${sentence}.`),
    '',
  ].join('\n');
}

function showMs(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
