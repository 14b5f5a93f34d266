// The program of start-tokenizer's thread: builds the tokenizer, sends what decoding needs, then encodes when asked.
import { type MessagePort, workerData } from 'node:worker_threads';
import { loadTokenizer } from './load-tokenizer.js';
import type { BuiltTokenizer, TokenizerWork } from './start-tokenizer.js';

const { folder, port, signal } = workerData as TokenizerWork & { readonly port: MessagePort };
const { encode, table, tokens } = await loadTokenizer(folder);
const answered = new Int32Array(signal);

port.on('message', (text: string) => {
  let ids: number[] | undefined;
  try {
    ids = encode(text);
  } catch {
    ids = undefined;
  }
  port.postMessage(ids);
  // The asking thread sleeps until now.
  Atomics.add(answered, 0, 1);
  Atomics.notify(answered, 0);
});
const built: BuiltTokenizer = { list: table.list(), tokens };
port.postMessage(built);
