// The program of the engine's process, started by engine-client.
// First: what follows takes a while to load.
import './ignore-interrupts.js';
import { loadTriedModel } from './record-probe.js';
import { runEngineChild } from './run-engine-child.js';
import { watchParent } from './watch-parent.js';

let lastSent = Promise.resolve();

process.on('disconnect', () => process.exit(0));
watchParent();

runEngineChild({
  load: loadTriedModel,
  port: {
    send: (message) => {
      // The callback also takes the error of a parent that is gone; `disconnect` follows.
      lastSent = new Promise((resolve) => process.send?.(message, () => resolve()));
    },
    onMessage: (listener) => process.on('message', listener),
    end: () => void lastSent.then(() => process.exit(0)),
  },
});
