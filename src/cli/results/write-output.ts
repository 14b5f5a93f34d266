import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { joinSignals } from '../../base/signals/join-signals.js';

/**
 * Write to a stream and wait until it can take more, so that a slow reader slows the work down instead of filling
 * memory. Ends quietly when the stream is closed or `signal` is aborted: that is reported elsewhere.
 */
export async function writeOutput(stream: Writable, text: string, signal: AbortSignal): Promise<void> {
  if (text === '' || stream.destroyed) return;
  if (stream.write(text)) return;
  const settled = new AbortController();
  const waiting = { signal: joinSignals(signal, settled.signal) };
  try {
    await Promise.race([once(stream, 'drain', waiting), once(stream, 'close', waiting)]);
  } catch {
    return;
  } finally {
    settled.abort();
  }
}
