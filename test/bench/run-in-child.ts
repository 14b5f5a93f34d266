import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Run one measurement in a process of its own, so that its memory is its own: `file` (beside this one) gets
 * `args` and sends one message.
 */
export async function runInChild<T>(file: string, args: readonly string[]): Promise<T> {
  const child = fork(new URL(file, import.meta.url), args, { serialization: 'advanced' });
  let result: T | undefined;
  child.on('message', (message) => (result = message as T));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || result === undefined) throw new Error(`${file} ended with ${code} and no result`);
  return result;
}
