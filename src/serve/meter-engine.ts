import type { Engine, EngineEvent } from '../engine/engine.js';

/** What one request cost. */
export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
}

/** The same engine; everything that it says is told to `onEvent` first, with when it was asked. */
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

/** Add an event to what was used. An answer of many prompts adds them up. */
export function addUsage(usage: TokenUsage, event: EngineEvent): void {
  if (event.type === 'start') usage.promptTokens += event.promptTokens;
  if (event.type === 'token') usage.completionTokens++;
}
