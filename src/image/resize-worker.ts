// A thread that resizes pictures for the model, one at a time, so that the event loop stays free.
import { parentPort } from 'node:worker_threads';
import type { ResizeRequest } from './resize-for-model.js';
import { toModelPixels } from './to-model-pixels.js';

parentPort!.on('message', ({ image, side }: ResizeRequest) => {
  const { data } = toModelPixels(image, side);
  // Shared memory cannot be handed over; only a picture that had the size already is still in it.
  const own = data === image.data ? Uint8Array.from(data) : data;
  parentPort!.postMessage(own, [own.buffer as ArrayBuffer]);
});
