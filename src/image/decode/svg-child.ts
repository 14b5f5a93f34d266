import { describeError } from '../../base/errors.js';
import { decodeBytes } from './decode-bytes.js';
import type { DrawReply, DrawRequest } from './draw-svg.js';

/** Draws one SVG for its parent, and ends with it: the drawing may take hours and cannot be interrupted. */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', (request: DrawRequest) => {
  void draw(request).then((reply) => process.send!(reply, () => process.exit()));
});

async function draw({ bytes, name }: DrawRequest): Promise<DrawReply> {
  try {
    return { image: await decodeBytes(bytes, name) };
  } catch (error) {
    const { code, message, hint } = describeError(error);
    return { error: { code, message, hint } };
  }
}
