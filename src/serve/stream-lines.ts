import { setTimeout as wait } from 'node:timers/promises';

/** Writes to an answer that grows. */
export interface StreamSink {
  /** Waits while the client is slow. Does nothing once it is gone. */
  write(text: string): Promise<void>;
}

/** What a stream of answers needs. */
export interface StreamParts {
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Said whenever nothing else was for this long; none when absent. */
  readonly heartbeat?: { readonly text: string; readonly intervalMs: number };
  /** Called when the answer is over, or its client gone. */
  readonly onEnd: () => void;
}

/** Waits for a slow client at most this often, milliseconds. */
const DRAIN_POLL_MS = 20;

/**
 * An answer that is written while `work` runs. When the client leaves, `signal` of the work is aborted.
 * @param work tells everything to the client itself, errors too; what it throws breaks the answer off.
 */
export function streamAnswer(
  { contentType, headers, heartbeat, onEnd }: StreamParts,
  work: (sink: StreamSink, signal: AbortSignal) => Promise<void>,
): Response {
  const left = new AbortController();
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    onEnd();
  };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      let lastWrite = performance.now();
      const sink: StreamSink = {
        write: async (text) => {
          if (left.signal.aborted) return;
          lastWrite = performance.now();
          controller.enqueue(encoder.encode(text));
          while ((controller.desiredSize ?? 0) < -64 && !left.signal.aborted) await wait(DRAIN_POLL_MS);
        },
      };
      if (heartbeat !== undefined) {
        timer = setInterval(() => {
          if (performance.now() - lastWrite >= heartbeat.intervalMs * 0.9) void sink.write(heartbeat.text);
        }, heartbeat.intervalMs);
      }
      work(sink, left.signal).then(
        () => {
          if (!left.signal.aborted) controller.close();
          stop();
        },
        (error: unknown) => {
          if (!left.signal.aborted) controller.error(error);
          stop();
        },
      );
    },
    cancel: () => {
      left.abort();
      clearInterval(timer);
    },
  });
  return new Response(body, {
    headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers },
  });
}
