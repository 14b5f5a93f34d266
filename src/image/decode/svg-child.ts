import { describeError } from '../../base/errors.js';
import { decodeBytes } from './decode-bytes.js';
import type { DrawReply, DrawRequest } from './draw-svg.js';

/** Draws one SVG for its parent, and ends with it: the drawing may take hours and cannot be interrupted. */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', (request: DrawRequest) => {
  watchMemory(request);
  void draw(request).then((reply) => process.send!(reply, () => process.exit()));
});

/** How often the memory is looked at, milliseconds. */
const MEMORY_CHECK_MS = 50;

/** The drawing happens on other threads, so that this one can look, and end the process. */
function watchMemory({ name, maxMemoryBytes }: DrawRequest): void {
  setInterval(() => {
    if (process.memoryUsage.rss() <= maxMemoryBytes) return;
    const limit = `${Math.round(maxMemoryBytes / 2 ** 20)} MiB of memory`;
    const error = { code: 'IMAGE_TOO_LARGE', message: `${name} needs more than ${limit} to be drawn.` };
    const reply: DrawReply = { error: { ...error, hint: 'Save it as PNG first.' } };
    process.send!(reply, () => process.kill(process.pid, 'SIGKILL'));
  }, MEMORY_CHECK_MS).unref();
}

async function draw({ bytes, name }: DrawRequest): Promise<DrawReply> {
  try {
    return { image: await decodeBytes(bytes, name) };
  } catch (error) {
    const { code, message, hint } = describeError(error);
    return { error: { code, message, hint } };
  }
}
