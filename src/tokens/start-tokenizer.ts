import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type MessagePort, MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { TokenIds } from '../base/model-spec.js';
import { builtFile } from '../base/package-folder.js';
import { GemmaTokenizer, loadTokenizer } from './load-tokenizer.js';
import { type TokenList, TokenTable } from './token-table.js';
import type { PaliTokenizer } from './tokenizer.js';

/** A smaller tokenizer.json is built sooner than a thread starts; Google's have 17 and 35 MB. */
const SMALL_BYTES = 4e6;
/** Encoding the longest prompt takes some milliseconds; a thread that is silent for so long is gone. */
const ENCODE_LIMIT_MS = 30_000;

/** What the thread is given, beside its port. */
export interface TokenizerWork {
  readonly folder: string;
  /** A number that grows with each answer. */
  readonly signal: SharedArrayBuffer;
}

/** What the thread sends once: all that decoding needs. */
export interface BuiltTokenizer {
  readonly list: TokenList;
  readonly tokens: TokenIds;
}

/**
 * As loadTokenizer, but a large tokenizer is built in a thread, while this one may sit in native calls for seconds.
 * The thread keeps what encoding needs; it does not keep the process alive.
 *
 * @param largeBytes size of tokenizer.json from which on a thread is worth it.
 * @throws what loadTokenizer throws.
 */
export async function startTokenizer(
  folder: string,
  moreEnds?: readonly number[],
  largeBytes = SMALL_BYTES,
): Promise<PaliTokenizer> {
  const size = await stat(join(folder, 'tokenizer.json')).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size < largeBytes) return loadTokenizer(folder, moreEnds);
  const signal = new SharedArrayBuffer(4);
  const { port1: port, port2: theirs } = new MessageChannel();
  const worker = new Worker(builtFile('tokenizer-thread.js'), {
    workerData: { folder, signal, port: theirs },
    transferList: [theirs],
  });
  worker.unref();
  try {
    const { list, tokens } = await receiveBuilt(worker, port);
    return new GemmaTokenizer(makeEncode(port, new Int32Array(signal)), TokenTable.fromList(list), {
      ...tokens,
      ...(moreEnds && { moreEnds }),
    });
  } catch {
    // What is wrong with the files is told by building it here.
    void worker.terminate();
    return loadTokenizer(folder, moreEnds);
  }
}

function receiveBuilt(worker: Worker, port: MessagePort): Promise<BuiltTokenizer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread of the tokenizer ended.')));
    port.once('message', (built: BuiltTokenizer) => {
      worker.removeAllListeners();
      // An error later on shows as an encoding without an answer.
      worker.on('error', () => undefined);
      port.unref();
      resolve(built);
    });
  });
}

/** Encoding is asked for between two steps of the model: sleeping for the answer costs what encoding here would. */
function makeEncode(port: MessagePort, answered: Int32Array): (text: string) => number[] {
  return (text) => {
    const before = Atomics.load(answered, 0);
    port.postMessage(text);
    Atomics.wait(answered, 0, before, ENCODE_LIMIT_MS);
    const ids = receiveMessageOnPort(port)?.message as number[] | undefined;
    if (ids === undefined) throw new Error('The thread of the tokenizer gave no answer.');
    return ids;
  };
}
