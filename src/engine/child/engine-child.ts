// The program of the engine's process, started by engine-client.
// First: what follows takes a while to load.
import './ignore-interrupts.js';
import { loadTriedModel } from '../model/record-probe.js';
import { runEngineChild } from './run-engine-child.js';
import { watchParent } from './watch-parent.js';

/**
 * Starting the watching thread would take a tenth of a short load's time. Until then `disconnect` is heard after one
 * native call, which on the CPU ends; a graphics driver's may not.
 */
const WATCH_DELAY_MS = 1000;

let lastSent = Promise.resolve();

process.on('disconnect', () => process.exit(0));

runEngineChild({
  load: (options) => {
    if (options.device === 'cpu') setTimeout(watchParent, WATCH_DELAY_MS).unref();
    else watchParent();
    return loadTriedModel(options);
  },
  port: {
    send: (message) => {
      // The callback also takes the error of a parent that is gone; `disconnect` follows.
      lastSent = new Promise((resolve) => process.send?.(message, () => resolve()));
    },
    onMessage: (listener) => process.on('message', listener),
    end: () => void lastSent.then(() => process.exit(0)),
  },
});
