import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import type { Dtype } from '../../src/base/dtype.js';
import { loadModel } from '../../src/engine/model/load-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { convertFixture } from '../support/reference/convert-fixture.js';
import type { GreedyAnswer } from '../support/reference/decode-greedily.mjs';
import {
  answerGolden,
  countMatches,
  type GoldenPrompt,
  type NamedBox,
  readBoxes,
  readGoldenPrompts,
} from '../support/reference/demo-golden.js';

const folder = temporaryFolder();

/** Below this margin two tokens count as tied (fixtures/golden/README.md). */
const TIE = 0.01;
/** fp32 answers every golden prompt; the others those about detection and every sixth of the rest. */
const goldenPrompts = readGoldenPrompts();
const sample = goldenPrompts.filter(({ task }, index) => task.startsWith('detect') || index % 6 === 0);

/** What came of a dtype. */
interface Outcome {
  readonly answers: ReadonlyMap<GoldenPrompt, GreedyAnswer>;
  readonly boxes: ReadonlyMap<GoldenPrompt, readonly NamedBox[]>;
}

async function answerAll(dtype: Dtype, prompts: readonly GoldenPrompt[]): Promise<Outcome> {
  const modelFolder = join(folder, dtype);
  await convertFixture(fixturePath('demo'), modelFolder, dtype);
  const { model, tokenizer } = await loadModel({ modelFolder, device: 'cpu', threads: 2 });
  try {
    const answers = await answerGolden(model, prompts);
    const pairs = prompts.map((prompt, index) => [prompt, answers[index]] as const);
    const detect = pairs.filter(([{ task }]) => task.startsWith('detect'));
    const { eos } = model.spec.tokens;
    return {
      answers: new Map(pairs),
      boxes: new Map(detect.map(([prompt, { ids }]) => [prompt, readBoxes(ids, eos, tokenizer)])),
    };
  } finally {
    await model.close();
  }
}

/** Tokens before the first that differs, and whether none does. */
function agreement(
  ids: readonly number[],
  expected: readonly number[],
): { tokens: number; isExact: boolean } {
  const at = expected.findIndex((id, index) => ids[index] !== id);
  return at < 0 ? { tokens: expected.length, isExact: true } : { tokens: at, isExact: false };
}

/** The objects that a dtype finds of those that are in the pictures, over the prompts of the sample. */
function scoreBoxes({ boxes }: Outcome): { found: number; true: number } {
  let found = 0;
  let all = 0;
  for (const prompt of sample) {
    const ours = boxes.get(prompt);
    if (!ours || !prompt.truth_boxes) continue;
    const truth = prompt.truth_boxes.map((box, index) => ({ box, label: prompt.truth_labels![index] }));
    found += countMatches(ours, truth);
    all += truth.length;
  }
  return { found, true: all };
}

function describeOutcome(dtype: Dtype, outcome: Outcome): Record<string, string | number> {
  const agreements = [...outcome.answers].map(([prompt, { ids }]) => agreement(ids, prompt.output_ids));
  const tokens = [...outcome.answers.keys()].reduce((sum, { output_ids }) => sum + output_ids.length, 0);
  const agreed = agreements.reduce((sum, one) => sum + one.tokens, 0);
  const { found, true: all } = scoreBoxes(outcome);
  return {
    dtype,
    tokens: `${agreed} / ${tokens}`,
    exact: `${agreements.filter(({ isExact }) => isExact).length} / ${agreements.length}`,
    objects: `${found} / ${all}`,
  };
}

/** Columns: dtype, tokens before the first that differs, answers without a difference, objects found. */
function formatTable(rows: readonly Record<string, string | number>[]): string {
  const lines = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))];
  return lines.map((cells) => `${cells.map((cell) => String(cell).padEnd(14)).join('')}\n`).join('');
}

describe('the demo model', () => {
  it('answers as transformers does in fp32, and nearly as well in the smaller dtypes', async () => {
    const fp32 = await answerAll('fp32', goldenPrompts);
    for (const [{ prompt, output_ids, margins, pictures }, { ids }] of fp32.answers) {
      const { tokens, isExact } = agreement(ids, output_ids);
      const tie = margins.findIndex((margin) => margin < TIE);
      const isTied = tie >= 0 && tie <= tokens;
      expect(isExact || isTied, `${pictures[0]}: ${prompt}, token ${tokens}`).toBe(true);
    }
    const rows = [describeOutcome('fp32', fp32)];
    const shares = new Map<Dtype, number>();
    for (const dtype of ['fp16', 'int8', 'int4', 'int8-int4'] as const) {
      const outcome = await answerAll(dtype, sample);
      rows.push(describeOutcome(dtype, outcome));
      shares.set(dtype, scoreBoxes(outcome).found / scoreBoxes(fp32).found);
    }
    process.stdout.write(formatTable(rows));
    expect(scoreBoxes(fp32).true).toBeGreaterThan(200);
    expect(shares.get('fp16')).toBeGreaterThanOrEqual(0.99);
    expect(shares.get('int8')).toBeGreaterThanOrEqual(0.97);
    expect(shares.get('int4')).toBeGreaterThanOrEqual(0.95);
    expect(shares.get('int8-int4')).toBeGreaterThanOrEqual(0.95);
  }, 400_000);
});
