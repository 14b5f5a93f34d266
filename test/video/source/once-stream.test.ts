import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OnceStream } from '../../../src/video/source/once-stream.js';

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { maxLength: 8 });

async function readAll(stream: Readable): Promise<Buffer> {
  return Buffer.concat((await stream.toArray()) as Buffer[]);
}

describe('OnceStream', () => {
  it('gives all bytes in order, however often its beginning was looked at', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat(40), fc.nat(4), async (pieces, headBytes, peeks) => {
        const all = Buffer.concat(pieces);
        const stream = new OnceStream(Readable.from(pieces));
        const head = Buffer.from(await stream.readHead(headBytes));
        expect(head.length).toBeGreaterThanOrEqual(Math.min(headBytes, all.length));
        expect(head.equals(all.subarray(0, head.length))).toBe(true);
        for (let i = 0; i < peeks; i++) expect(await readAll(stream.peek())).toEqual(all);
        expect(await readAll(stream.take())).toEqual(all);
      }),
    );
  });

  it('loses nothing when who looked has gone while waiting', async () => {
    const source = new Readable({ read: () => undefined });
    const stream = new OnceStream(source as AsyncIterable<Uint8Array>);
    source.push('a');
    const peek = stream.peek();
    peek.resume();
    await new Promise((resolve) => setImmediate(resolve));
    peek.destroy();
    source.push('b');
    source.push(null);
    expect((await readAll(stream.take())).toString()).toBe('ab');
  });

  it('passes on that the source broke', async () => {
    const source = new Readable({ read: () => undefined });
    const stream = new OnceStream(source as AsyncIterable<Uint8Array>);
    source.push('a');
    source.destroy(new Error('broken'));
    await expect(readAll(stream.take())).rejects.toThrow('broken');
  });
});
