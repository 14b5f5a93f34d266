import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import type { EngineEvent, EngineRequest } from '../../../src/engine/engine.js';
import { createRemoteEngine } from '../../../src/engine/remote/remote-engine.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { toModelPixels } from '../../../src/image/resize/to-model-pixels.js';
import { DIGEST, openFixture, startTestServer } from '../../serve/start-test-server.js';

const request: EngineRequest = {
  images: [{ side: 2, data: Uint8Array.from({ length: 12 }, (_, i) => i) }],
  prompt: 'hello ü',
  maxTokens: 5,
  sampling: { temperature: 0, topP: 1, seed: 0 },
  alternatives: 0,
};
const model = { name: 'one', dtype: 'fp32' as const, device: 'cpu' as const, digest: DIGEST };

async function readAll(events: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const all: EngineEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('an engine on a server', () => {
  it('gives what the engine there gives, masks too', async () => {
    const { socket } = await startTestServer();
    const engine = createRemoteEngine({ address: socket, model });
    expect(await engine.load()).toMatchObject({
      ...{ model: 'one', dtype: 'fp32', device: 'cpu', imageSize: 2 },
      server: `server ${socket.name}`,
    });
    const events = await readAll(engine.ask(request));
    expect(events.at(0)).toMatchObject({ type: 'start', promptTokens: 7 });
    expect(events.at(-1)).toMatchObject({ type: 'done', raw: 'hello ü', stop: 'eos' });
    expect(events.filter(({ type }) => type === 'token')).toHaveLength(7);
    const codes = Array.from({ length: 16 }, () => 3);
    const masks = await engine.decodeMasks([codes, codes.map(() => 4)]);
    expect(masks.map((mask) => [mask.length, mask[0], mask[4095]])).toEqual([
      [4096, 3, 3],
      [4096, 4, 4],
    ]);
    await engine.close();
  });

  it('is refused without the secret, for other weights, an unknown model and another version', async () => {
    const { socket } = await startTestServer();
    const load = async (options: Partial<Parameters<typeof createRemoteEngine>[0]>): Promise<unknown> => {
      const engine = createRemoteEngine({ address: socket, model, ...options });
      const error: unknown = await engine.load().catch((reason: unknown) => reason);
      await engine.close();
      return error;
    };
    expect(await load({ address: { ...socket, secret: undefined } })).toMatchObject({
      code: 'invalid_api_key',
    });
    expect(await load({ model: { ...model, digest: '0'.repeat(64) } })).toMatchObject({
      code: 'MODEL_OTHER',
    });
    expect(await load({ model: { ...model, name: 'three' } })).toMatchObject({
      code: 'MODEL_MISSING',
      message: "The server of the test refuses: There is no model 'three'.",
    });
    expect(await load({ version: '99.0.0' })).toMatchObject({ code: 'SERVER_VERSION' });
    const nobody = { name: 'of nobody', socketPath: `${socket.socketPath}.gone` };
    expect(await load({ address: nobody })).toMatchObject({
      message: 'The server of nobody does not answer: nothing listens there.',
    });
  });

  it('has the first picture decoded there, to the very pixels that are decoded here', async () => {
    const { socket, url, secret } = await startTestServer();
    const path = fixturePath('gallery', 'farm.png');
    const file = readFileSync(path);
    const { signal } = new AbortController();
    const engine = createRemoteEngine({ address: socket, model });
    const image = await decodeImage(path);
    const prepared = await engine.preparePicture!(file, signal);
    expect(prepared?.size).toEqual({ width: image.width, height: image.height });
    expect(prepared?.pixels.side).toBe(2);
    expect([...prepared!.pixels.data]).toEqual([...toModelPixels(image, 2).data]);
    // For the second, a decoder of one's own pays; a server elsewhere is sent pixels only.
    expect(await engine.preparePicture!(file, signal)).toBeUndefined();
    const distant = createRemoteEngine({ address: { name: 'of a test', url: new URL(url), secret }, model });
    expect(await distant.preparePicture!(file, signal)).toBeUndefined();
    await Promise.all([engine.close(), distant.close()]);
  });

  it('leaves a picture that the server cannot read to the decoder here, which says why', async () => {
    const { socket } = await startTestServer();
    const engine = createRemoteEngine({ address: socket, model });
    const { signal } = new AbortController();
    expect(await engine.preparePicture!(Buffer.from('no picture'), signal)).toBeUndefined();
    const gone = createRemoteEngine({
      address: { ...socket, socketPath: `${socket.socketPath}.gone` },
      model,
    });
    expect(await gone.preparePicture!(Buffer.from('no picture'), signal)).toBeUndefined();
    await Promise.all([engine.close(), gone.close()]);
  });

  it('tells an error of the request as the engine tells it', async () => {
    const { socket } = await startTestServer({ openEngine: openFixture('crash.mjs') });
    const engine = createRemoteEngine({ address: socket, model });
    await expect(readAll(engine.ask({ ...request, prompt: 'exit 3' }))).rejects.toMatchObject({
      name: 'EngineError',
      code: 'ENGINE_DIED',
    });
    await engine.close();
  });
});
