import { setTimeout as wait } from 'node:timers/promises';

/** Writes to a streamed answer. */
export interface StreamSink {
  /** Waits while the client is slow. Does nothing once it is gone. */
  write(text: string): Promise<void>;
}

/** What a stream needs. */
export interface StreamParts {
  readonly contentType: string;
  /** The request's signal: aborted when its client leaves. */
  readonly signal: AbortSignal;
  /** Sent whenever nothing else was sent for this long; nothing is sent when absent. */
  readonly heartbeat?: { readonly text: string; readonly intervalMs: number };
  /** Called when the answer is complete, or its client gone. */
  readonly onEnd: () => void;
}

/** How often a slow client is checked, milliseconds. */
const DRAIN_POLL_MS = 20;
/** The most pieces that wait for a slow client. */
const MAX_WAITING = 64;

/**
 * An answer that is written while `work` runs; it begins with the first write. When the client leaves, the work's
 * signal is aborted.
 * @throws what `work` throws before its first write; later errors it must write itself.
 */
export async function streamAnswer(
  { contentType, signal, heartbeat, onEnd }: StreamParts,
  work: (sink: StreamSink, signal: AbortSignal) => Promise<void>,
): Promise<Response> {
  const left = new AbortController();
  const until = AbortSignal.any([signal, left.signal]);
  const encoder = new TextEncoder();
  let output: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>(
    { start: (controller) => void (output = controller), cancel: () => left.abort() },
    { highWaterMark: MAX_WAITING },
  );
  return new Promise((resolve, reject) => {
    let lastWrite = performance.now();
    let hasBegun = false;
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      resolve(new Response(body, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } }));
    };
    const sink: StreamSink = {
      write: async (text) => {
        if (until.aborted) return;
        begin();
        lastWrite = performance.now();
        output.enqueue(encoder.encode(text));
        while ((output.desiredSize ?? 1) <= 0 && !until.aborted) await wait(DRAIN_POLL_MS);
      },
    };
    const beat = (): void => {
      if (performance.now() - lastWrite >= heartbeat!.intervalMs * 0.9) void sink.write(heartbeat!.text);
    };
    const timer = heartbeat && setInterval(beat, heartbeat.intervalMs);
    work(sink, until)
      .then(
        () => {
          if (!left.signal.aborted) output.close();
          begin();
        },
        (error: Error) => {
          reject(error);
          if (!left.signal.aborted) output.error(error);
        },
      )
      .finally(() => {
        clearInterval(timer);
        onEnd();
      });
  });
}
