// The REPL with an engine of fixtures/engines in the model's place: ENGINE PICTURE...
import { createEngine } from '../../../dist/src/engine/client/engine-client.js';
import { startRepl } from '../../../dist/src/repl/start-repl.js';

const [engineFile, ...paths] = process.argv.slice(2);
const childPath = new URL(`../../../fixtures/engines/${engineFile}`, import.meta.url);

process.exitCode = await startRepl(
  {
    paths,
    model: 'fake',
    dtype: 'fp32',
    device: 'cpu',
    isDebug: false,
    saved: {},
    saveSettings: async () => undefined,
    signal: new globalThis.AbortController().signal,
    takeInterrupts: (listener) => process.on('SIGINT', listener),
  },
  {
    findModel: async ({ model }) => ({
      name: model,
      dtype: 'fp32',
      engine: createEngine({ modelName: model, modelFolder: 'none', device: 'cpu' }, { childPath }),
    }),
  },
);
