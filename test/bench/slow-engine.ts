// An engine without a model: each prompt takes PALI_BENCH_MODEL_MS as a model would, one after the other.
import type { EngineEvent } from '../../src/engine/engine.js';

/** Side of the pictures that PaliGemma at 448 pixels takes. */
const IMAGE_SIDE = 448;
/** Two boxes, as an ordinary answer to detect has. */
const ANSWER = ['<loc0100>', '<loc0100>', '<loc0500>', '<loc0600>', ' car', ' ;'];

const modelMs = Number(process.env['PALI_BENCH_MODEL_MS']);
let lastAnswer = Promise.resolve();

process.on('message', (message: { type: string; id: number }) => {
  if (message.type === 'load') process.send!({ type: 'ready', dtype: 'fp32', imageSize: IMAGE_SIDE });
  if (message.type === 'ask') lastAnswer = lastAnswer.then(() => answer(message.id));
  if (message.type === 'shutdown') process.exit(0);
});
process.on('disconnect', () => process.exit(0));

async function answer(id: number): Promise<void> {
  await new Promise((later) => setTimeout(later, modelMs));
  const texts = [...ANSWER, ...ANSWER];
  const tokens = texts.map((text, index) => ({ id: index, logprob: -0.1, text, top: [] }));
  const events: EngineEvent[] = [
    { type: 'start', promptTokens: 4, visionMs: 0, prefillMs: 0 },
    ...tokens.map((token) => ({ type: 'token', token }) as const),
    {
      type: 'done',
      stop: 'eos',
      raw: texts.join(''),
      tokens,
      timings: { visionMs: 0, prefillMs: 0, generateMs: modelMs },
    },
  ];
  process.send!({ type: 'events', items: events.map((event) => ({ id, event })) });
}
