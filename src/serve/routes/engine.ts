import type { Context } from 'hono';
import { CancelledError, PaliError, describeError, exitCodes } from '../../base/errors.js';
import {
  CONTRACT,
  enginePaths,
  HEARTBEAT_MS,
  pictureHeaders,
  type ServerLine,
  type WantedModel,
} from '../../engine/remote/contract.js';
import { readMaskRequest, readWantedModel, unpackAsk } from '../../engine/remote/pack-request.js';
import { MAX_SIDE } from '../../engine/messages.js';
import { packError } from '../../engine/wire-error.js';
import { decodePictures } from '../../tasks/inputs/decode-pictures.js';
import { toModelPicture, type ModelPicture } from '../../tasks/inputs/to-model-picture.js';
import { addUsage, meterEngine } from '../meter-engine.js';
import { checkEngineAccess } from '../check-access.js';
import { badRequest, HttpError } from '../http-error.js';
import type { ModelLease } from '../model-pool.js';
import type { App, ServeContext, ServeEnv } from '../serve-context.js';
import { withPlace } from '../with-place.js';
import { streamAnswer, type StreamSink } from '../stream-lines.js';

/**
 * What pali's own commands use: prompts with raw pixels in, the engine's events out, one line of JSON each. Only for
 * this user's commands and clients that have the key.
 */
export function addEngineRoutes(app: App, server: ServeContext): void {
  app.post(enginePaths.load, async (c) => {
    checkEngineAccess(c, server);
    const wanted = readWantedModel(await c.req.text());
    checkContract(wanted);
    // Loading makes nobody wait, so it needs no place in the queue; a server that is shutting down refuses.
    server.admission.enter(0)();
    return answerLines(
      c,
      server,
      () => undefined,
      async (sink, signal) => {
        const lease = await takeModel(server, wanted, signal);
        try {
          const info = await lease.engine.load(
            (share) => void sink.write(toLine({ type: 'loading', share })),
          );
          const { name, dtype, digest } = lease.model;
          const { device, imageSize, notes } = info;
          await sink.write(
            toLine({ type: 'ready', model: { name, dtype, digest, device, imageSize, notes: [...notes] } }),
          );
        } catch (error) {
          throw new ModelUnavailable(error);
        } finally {
          lease.release();
        }
      },
    );
  });

  app.post(enginePaths.ask, (c) => {
    checkEngineAccess(c, server);
    return withPlace(c, server, async (onEnd) => {
      const { model, request } = unpackAsk(new Uint8Array(await c.req.arrayBuffer()));
      checkContract(model);
      return answerLines(c, server, onEnd, async (sink, signal) => {
        const lease = await takeModel(server, model, signal);
        const usage = { promptTokens: 0, completionTokens: 0 };
        try {
          await lease.loading.catch((error: unknown) => {
            throw new ModelUnavailable(error);
          });
          const engine = meterEngine(lease.engine, (event, sinceMs) => {
            server.metrics.countEvent(event, sinceMs);
            addUsage(usage, event);
          });
          for await (const event of engine.ask(request, signal)) {
            await sink.write(toLine({ type: 'event', event: event as EventLine['event'] }));
          }
        } finally {
          Object.assign(c.get('facts'), {
            task: 'engine',
            model: lease.model.name,
            pictures: request.images.length,
            tokens: usage.completionTokens,
          });
          lease.release();
        }
      });
    });
  });

  app.post(enginePaths.picture, (c) => {
    checkEngineAccess(c, server);
    return withPlace(c, server, async (onEnd) => {
      const side = readSide(c.req.query('side'));
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const { pixels, size } = await decodeForModel(bytes, side, c.req.raw.signal);
      onEnd();
      return c.body(Buffer.from(pixels.data), 200, {
        'content-type': 'application/octet-stream',
        [pictureHeaders.width]: String(size.width),
        [pictureHeaders.height]: String(size.height),
      });
    });
  });

  app.post(enginePaths.masks, async (c) => {
    checkEngineAccess(c, server);
    const { model, codes } = readMaskRequest(await c.req.text());
    checkContract(model);
    const lease = await takeModel(server, model, c.req.raw.signal).catch((error: unknown) => {
      throw error instanceof ModelUnavailable ? error.reason : error;
    });
    try {
      const masks = await lease.engine.decodeMasks(codes);
      const bytes = Buffer.concat(
        masks.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
      );
      return c.body(bytes, 200, { 'content-type': 'application/octet-stream' });
    } finally {
      lease.release();
    }
  });
}

/** A picture as the commands prepare it themselves. */
async function decodeForModel(bytes: Uint8Array, side: number, signal: AbortSignal): Promise<ModelPicture> {
  const [decoded] = await decodePictures({ name: 'the picture', pictures: [bytes] }, signal);
  return toModelPicture(decoded, side);
}

function readSide(value: string | undefined): number {
  const side = /^\d{1,5}$/.test(value ?? '') ? Number(value) : 0;
  if (side >= 1 && side <= MAX_SIDE) return side;
  throw badRequest(`side is not a number from 1 to ${MAX_SIDE}.`, 'side');
}

/** The model is not available here; the request itself may be fine. */
class ModelUnavailable extends Error {
  constructor(readonly reason: unknown) {
    super('The model is not available.');
  }
}

async function takeModel(
  server: ServeContext,
  wanted: WantedModel,
  signal: AbortSignal,
): Promise<ModelLease> {
  const { name = server.defaultModel, dtype, device, digest, isHasty } = wanted;
  try {
    const lease = await server.models.acquire({ name, dtype, device }, signal, isHasty);
    if (digest === undefined || digest === lease.model.digest) return lease;
    lease.release();
    throw new HttpError(409, 'MODEL_OTHER', `Its ${name} has other weights.`);
  } catch (error) {
    signal.throwIfAborted();
    throw new ModelUnavailable(error);
  }
}

function checkContract({ contract }: WantedModel): void {
  if (contract === CONTRACT) return;
  throw new HttpError(
    409,
    'CONTRACT_OTHER',
    `It speaks version ${CONTRACT} of the engine's contract, not ${contract}.`,
    {
      hint: 'Use the same version of pali on both sides.',
    },
  );
}

function answerLines(
  c: Context<ServeEnv>,
  { version }: ServeContext,
  onEnd: () => void,
  work: (sink: StreamSink, signal: AbortSignal) => Promise<void>,
): Promise<Response> {
  const heartbeat = { text: '\n', intervalMs: HEARTBEAT_MS };
  const parts = { contentType: 'application/x-ndjson', signal: c.req.raw.signal, heartbeat, onEnd };
  return streamAnswer(parts, async (sink, signal) => {
    await sink.write(toLine({ type: 'hello', contract: CONTRACT, version }));
    try {
      await work(sink, signal);
    } catch (thrown) {
      // Being cancelled by the server is also the server's doing: the client has not cancelled anything.
      const isServers = thrown instanceof ModelUnavailable || thrown instanceof CancelledError;
      const error = thrown instanceof ModelUnavailable ? thrown.reason : thrown;
      if (!(error instanceof PaliError) || error.exitCode === exitCodes.engine) {
        c.get('facts').error = describeError(error).message;
      }
      await sink.write(toLine({ type: 'failed', error: packError(error), isServers }));
    }
  });
}

type EventLine = Extract<ServerLine, { type: 'event' }>;

function toLine(line: ServerLine): string {
  return `${JSON.stringify(line)}\n`;
}
