// One measurement of bench-eval.ts, in a process of its own.
import { readFileSync } from 'node:fs';
import { toCaptionTokens, type CaptionCase } from '../../src/metrics/captions/caption-tokens.js';
import { scoreCider } from '../../src/metrics/captions/cider.js';
import { rankFindings } from '../../src/metrics/objects/average-precision.js';
import { cocoScores } from '../../src/metrics/objects/coco-scores.js';
import type { PictureObjects } from '../../src/metrics/objects/object-truth.js';
import { readMemory } from './process-memory.js';

/** What a measurement came to. */
export interface EvalMeasurement {
  readonly ms: number;
  /** Processor time, all threads. */
  readonly cpuMs: number;
  readonly value: number;
  readonly peakMb: number;
}

interface CocoBoxes {
  readonly truth: {
    readonly images: readonly { readonly id: number }[];
    readonly annotations: readonly CocoBox[];
  };
  readonly results: readonly CocoBox[];
}
interface CocoBox {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly [number, number, number, number];
  readonly area: number;
  readonly iscrowd: number;
  readonly score: number;
}

const [kind, path] = process.argv.slice(2);
const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
const startedAt = performance.now();
const usageBefore = process.cpuUsage();
const value = kind === 'cider' ? measureCider(content as CaptionCase[]) : measureBoxes(content as CocoBoxes);
const ms = performance.now() - startedAt;
const usage = process.cpuUsage(usageBefore);
const cpuMs = (usage.user + usage.system) / 1000;
process.send!({ ms, cpuMs, value, peakMb: readMemory().peak } satisfies EvalMeasurement);

function measureCider(cases: readonly CaptionCase[]): number {
  return scoreCider(toCaptionTokens(cases)).score;
}

/** As pycocotools, from the parsed document on: grouping counts. */
function measureBoxes({ truth, results }: CocoBoxes): number {
  const pictures = new Map(truth.images.map(({ id }): [number, Mutable] => [id, { truths: [], found: [] }]));
  for (const { image_id, category_id, bbox, area, iscrowd } of truth.annotations) {
    const object = { category: category_id - 1, box: toBox(bbox), area, isCrowd: iscrowd === 1 };
    pictures.get(image_id)!.truths.push(object);
  }
  for (const { image_id, category_id, bbox, score } of results) {
    pictures.get(image_id)!.found.push({ category: category_id - 1, box: toBox(bbox), score });
  }
  return cocoScores(rankFindings([...pictures.values()], 80, 'boxes')).ap ?? -1;
}

interface Mutable extends PictureObjects {
  readonly truths: PictureObjects['truths'][number][];
  readonly found: PictureObjects['found'][number][];
}

function toBox([x, y, width, height]: CocoBox['bbox']): { x0: number; y0: number; x1: number; y1: number } {
  return { x0: x, y0: y, x1: x + width, y1: y + height };
}
