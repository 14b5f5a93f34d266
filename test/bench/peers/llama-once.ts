// llama.cpp's text decoder in a process of its own: MODULE FILE.gguf THREADS.
import { readMemory } from '../process-memory.js';
import { IMAGE_TOKENS, type PeerMeasurement, PROMPT_IDS } from './peer-sizes.js';
import { bestOf } from './best-of.js';

interface Sequence {
  evaluate(
    tokens: readonly number[],
    options: { temperature: number; yieldEogToken: boolean },
  ): AsyncGenerator<number>;
  clearHistory(): Promise<void>;
}

interface NodeLlamaCpp {
  readonly getLlama: (options: object) => Promise<{
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{ getSequence(): Sequence }>;
    }>;
  }>;
}

const RUNS = 3;
const TOKENS = 24;

const [module, modelPath, threads] = process.argv.slice(2);
const { getLlama } = (await import(module)) as NodeLlamaCpp;
const startedAt = performance.now();
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 512, batchSize: 512, threads: Number(threads) });
const sequence = context.getSequence();
const loadMs = performance.now() - startedAt;

// The picture's tokens are words here: they take as long.
const ids = [...PROMPT_IDS, ...Array.from({ length: IMAGE_TOKENS }, (_, i) => 2000 + i)];
const tokens: number[] = [];
const prefillMs = await bestOf(RUNS, async () => {
  await sequence.clearHistory();
  const answer = sequence.evaluate(ids, { temperature: 0, yieldEogToken: true });
  const from = performance.now();
  await answer.next();
  const firstMs = performance.now() - from;
  for (let i = 0; i < TOKENS; i++) {
    const at = performance.now();
    await answer.next();
    tokens.push(performance.now() - at);
  }
  await answer.return(undefined);
  return firstMs;
});
const measurement: PeerMeasurement = {
  loadMs,
  prefillMs,
  tokenMs: Math.min(...tokens),
  peakMB: readMemory().peak,
};
process.send!(measurement, () => process.exit(0));
