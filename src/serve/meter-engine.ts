import type { Engine, EngineEvent } from '../engine/engine.js';

/** What one request cost. */
export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
}

/** The same engine; each of its events is first passed to `onEvent`, with the time at which it was asked. */
export function meterEngine(engine: Engine, onEvent: (event: EngineEvent, sinceMs: number) => void): Engine {
  return {
    load: (onShare) => engine.load(onShare),
    findImageSize: () => engine.findImageSize(),
    decodeMasks: (codes) => engine.decodeMasks(codes),
    close: () => engine.close(),
    async *ask(request, signal) {
      const sinceMs = performance.now();
      for await (const event of engine.ask(request, signal)) {
        onEvent(event, sinceMs);
        yield event;
      }
    },
  };
}

/** Add an event's tokens to the usage. The usage of an answer with many prompts is their sum. */
export function addUsage(usage: TokenUsage, event: EngineEvent): void {
  if (event.type === 'start') usage.promptTokens += event.promptTokens;
  if (event.type === 'token') usage.completionTokens++;
}
