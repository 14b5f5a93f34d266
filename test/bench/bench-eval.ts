// npm run bench -- eval: how long metrics take, and average precision beside pycocotools where Python has it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandomSource } from '../../src/metrics/statistics/random-source.js';
import type { EvalMeasurement } from './eval-once.js';
import { runInChild } from './run-in-child.js';

const PICTURES = 5000;
const CLASSES = 80;
const WORDS =
  `a the man woman dog cat horse train bus pizza table street beach red blue green sitting standing riding holding
  next to on in with and two three people large small field kitchen park snow board ball plate water`.split(
    /\s+/,
  );

/** Prints seconds and the mean precision that it found. */
const PYCOCOTOOLS = `
import contextlib, io, json, sys, time
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
content = json.load(open(sys.argv[1]))
with contextlib.redirect_stdout(io.StringIO()):
    start = time.perf_counter()
    truth = COCO(); truth.dataset = content['truth']; truth.createIndex()
    run = COCOeval(truth, truth.loadRes(content['results']), 'bbox')
    run.evaluate(); run.accumulate(); run.summarize()
    seconds = time.perf_counter() - start
print(json.dumps({'ms': seconds * 1000, 'value': run.stats[0]}))
`;

/** Captions and boxes made at random, measured in processes of their own, pycocotools in turn with ours. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    const captions = join(folder, 'captions.json');
    writeFileSync(captions, JSON.stringify(makeCaptions()));
    const cider = await runInChild<EvalMeasurement>('./eval-once.js', ['cider', captions]);
    tell(`CIDEr of ${PICTURES} captions with 5 references each`, cider);
    const boxes = join(folder, 'boxes.json');
    const document = makeBoxes();
    writeFileSync(boxes, JSON.stringify(document));
    for (let turn = 1; turn <= 3; turn++) {
      const ours = await runInChild<EvalMeasurement>('./eval-once.js', ['boxes', boxes]);
      tell(`AP of ${document.results.length} boxes in ${PICTURES} pictures`, ours);
      const theirs = askPython(boxes);
      if (theirs === undefined) {
        process.stdout.write('  pycocotools: not there; PALI_TEST_PYTHON names a Python that has it\n');
        return;
      }
      const ratio = (ours.ms / theirs.ms).toFixed(3);
      const off = Math.abs(ours.value - theirs.value).toExponential(1);
      process.stdout.write(
        `  pycocotools: ${Math.round(theirs.ms)} ms; ours takes ${ratio} of it, values differ by ${off}\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(what: string, { ms, value, peakMb }: EvalMeasurement): void {
  process.stdout.write(
    `${what}: ${Math.round(ms)} ms, peak memory ${peakMb} MB, value ${value.toFixed(6)}\n`,
  );
}

function askPython(path: string): { ms: number; value: number } | undefined {
  try {
    const python = process.env['PALI_TEST_PYTHON'] ?? 'python3';
    const args = ['-c', PYCOCOTOOLS, path];
    return JSON.parse(
      execFileSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    ) as {
      ms: number;
      value: number;
    };
  } catch {
    return undefined;
  }
}

function makeCaptions(): unknown {
  const next = createRandomSource(1);
  const caption = (): string =>
    `A ${Array.from({ length: 7 + next(6) }, () => WORDS[next(WORDS.length)]).join(' ')}.`;
  return Array.from({ length: PICTURES }, () => ({
    answer: caption(),
    references: Array.from({ length: 5 }, caption),
  }));
}

interface MadeBoxes {
  readonly truth: unknown;
  readonly results: unknown[];
}

/** Seven or so objects a picture, of which most are found, and as much that is wrong: about 40,000 findings. */
function makeBoxes(): MadeBoxes {
  const next = createRandomSource(2);
  const images = Array.from({ length: PICTURES }, (_, i) => ({ id: i + 1, width: 640, height: 480 }));
  const annotations: unknown[] = [];
  const results: unknown[] = [];
  for (const { id } of images) {
    for (let i = 3 + next(9); i > 0; i--) {
      const category_id = 1 + next(CLASSES);
      const bbox = [next(500), next(400), 10 + next(130), 10 + next(80)];
      const iscrowd = next(50) === 0 ? 1 : 0;
      annotations.push({
        id: annotations.length + 1,
        image_id: id,
        category_id,
        bbox,
        area: bbox[2] * bbox[3],
        iscrowd,
      });
      if (next(5) > 0) {
        const moved = bbox.map((value) => Math.max(1, value + next(9) - 4));
        results.push({ image_id: id, category_id, bbox: moved, score: next(10_000) / 10_000 });
      }
    }
    for (let i = next(5); i > 0; i--) {
      const bbox = [next(500), next(400), 10 + next(130), 10 + next(80)];
      results.push({ image_id: id, category_id: 1 + next(CLASSES), bbox, score: next(7000) / 10_000 });
    }
  }
  const categories = Array.from({ length: CLASSES }, (_, i) => ({ id: i + 1, name: `class ${i + 1}` }));
  return { truth: { images, annotations, categories }, results };
}
