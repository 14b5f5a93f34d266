// How many runs of the decoder drafts save on a video with the demo model: FILE.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageEncoder } from '../../../src/engine/child/image-encoder.js';
import type { DoneEvent } from '../../../src/engine/engine.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { prepareDemoModel } from '../../../src/models/demo-model.js';
import { captionTask } from '../../../src/tasks/prompts/caption.js';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { answerFrames, readFrames } from '../../support/answer-frames.js';

/** One prompt about every frame. */
export interface DraftMeasurement {
  readonly prompt: string;
  readonly frames: number;
  /** Runs for tokens, with drafts and without. */
  readonly runs: number;
  readonly plainRuns: number;
  /** Answers that are the same, token by token. */
  readonly equal: number;
}

const EVERY_SECONDS = 0.2;

const [path] = process.argv.slice(2);
const store = mkdtempSync(join(tmpdir(), 'pali-bench-'));
try {
  const modelFolder = await prepareDemoModel({ store, dtype: 'fp32' });
  const { model, tokenizer } = await loadModel({ modelFolder, device: 'cpu' });
  const frames = await readFrames(path, EVERY_SECONDS, model.spec.vision.imageSize);
  const encoder = new ImageEncoder(model);
  const results: DraftMeasurement[] = [];
  for (const task of [captionTask({}), detectTask('cow ; tractor ; tree')]) {
    const options = { encoder, tokenizer, task, together: 1 };
    const plain = await answerFrames(model, frames, { ...options, hasDrafts: false });
    const drafted = await answerFrames(model, frames, { ...options, hasDrafts: true });
    const idsOf = ({ tokens }: DoneEvent): string => tokens.map(({ id }) => id).join();
    results.push({
      prompt: task.prompt,
      frames: frames.length,
      runs: drafted.runs,
      plainRuns: plain.runs,
      equal: plain.done.filter((answer, i) => idsOf(answer) === idsOf(drafted.done[i])).length,
    });
  }
  await model.close();
  process.send!(results);
} finally {
  rmSync(store, { recursive: true, force: true });
}
