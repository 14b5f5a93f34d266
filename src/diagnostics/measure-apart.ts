import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Device } from '../base/dtype.js';
import { builtFile } from '../base/package-folder.js';
import { describeExit } from '../engine/client/describe-exit.js';
import { unpackError, type WireError } from '../engine/wire-error.js';
import type { Measurement } from './measure-model.js';

/** What the process is asked to measure. */
export interface MeasureRequest {
  readonly modelFolder: string;
  readonly device: Device;
}

/** What it answers. */
export type MeasureReply = { readonly measurement: Measurement } | { readonly error: WireError };

/**
 * measureModel in a process of its own, as commands run models: one that has converted a model before has memory at
 * hand, and loads in two thirds of the time.
 * @throws {ModelError} {DamagedFileError} {EngineError} see loadModel, or the process died. Aborted: the signal's
 * reason.
 */
export async function measureApart(request: MeasureRequest, signal: AbortSignal): Promise<Measurement> {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(builtFile('measure-child.js')), [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  process.once('exit', kill);
  try {
    const reply = await new Promise<MeasureReply>((resolve, reject) => {
      child.once('error', reject);
      child.once('message', (message) => resolve(message as MeasureReply));
      child.once('close', (code, exitSignal) => reject(describeExit({ code, signal: exitSignal }, '')));
      child.send(request, () => undefined);
    }).finally(() => signal.throwIfAborted());
    if ('error' in reply) throw unpackError(reply.error);
    return reply.measurement;
  } finally {
    signal.removeEventListener('abort', kill);
    process.off('exit', kill);
    kill();
  }
}
