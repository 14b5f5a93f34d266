// The program of the engine's process, started by engine-client.
// First: the imports below take a while to load.
import './ignore-interrupts.js';
import { loadTriedModel } from '../model/record-probe.js';
import { runEngineChild } from './run-engine-child.js';
import { watchParent } from './watch-parent.js';

/**
 * Starting the watching thread would take a tenth of a short load's time. Until then `disconnect` is handled after
 * one native call, which returns on the CPU; a graphics driver's may not.
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
      // The callback also swallows the error when the parent is gone; `disconnect` follows.
      lastSent = new Promise((resolve) => process.send?.(message, () => resolve()));
    },
    onMessage: (listener) => process.on('message', listener),
    end: () => void lastSent.then(() => process.exit(0)),
  },
});
