import type { DoneEvent, Engine, EngineEvent, GeneratedToken } from '../engine/engine.js';

/**
 * The same engine, but its answers end where one of `stops` begins; the model then stops working on them. Tokens are
 * held back as long as they may be the beginning of a stop.
 */
export function stopAt(engine: Engine, stops: readonly string[]): Engine {
  return {
    load: (onShare) => engine.load(onShare),
    findImageSize: () => engine.findImageSize(),
    decodeMasks: (codes) => engine.decodeMasks(codes),
    close: () => engine.close(),
    ask: (request, signal) => cutAnswer(engine.ask(request, signal), stops),
  };
}

async function* cutAnswer(
  events: AsyncIterable<EngineEvent>,
  stops: readonly string[],
): AsyncGenerator<EngineEvent, void, undefined> {
  const kept: GeneratedToken[] = [];
  const held: GeneratedToken[] = [];
  const startedAt = performance.now();
  let raw = '';
  let released = 0;
  let start = { visionMs: 0, prefillMs: 0 };
  function* release(end: number): Generator<EngineEvent, void, undefined> {
    while (held.length > 0 && released + held[0].text.length <= end) {
      const token = held.shift()!;
      released += token.text.length;
      kept.push(token);
      yield { type: 'token', token };
    }
  }
  for await (const event of events) {
    if (event.type === 'start') start = event;
    if (event.type === 'done') {
      // The whole answer may contain a stop where no token's text did: characters made of several tokens.
      const end = findStop(event.raw, stops);
      if (end === undefined) yield* release(Infinity);
      yield end === undefined ? event : cutDone(event, end);
      return;
    }
    if (event.type !== 'token') {
      yield event;
      continue;
    }
    held.push(event.token);
    raw += event.token.text;
    const end = findStop(raw, stops);
    yield* release(end ?? raw.length - longestBeginning(raw, stops));
    if (end === undefined) continue;
    const rest = held.length > 0 && end > released ? [{ ...held[0], text: raw.slice(released, end) }] : [];
    for (const token of rest) yield { type: 'token', token };
    const timings = {
      visionMs: start.visionMs,
      prefillMs: start.prefillMs,
      generateMs: performance.now() - startedAt - start.visionMs - start.prefillMs,
    };
    yield { type: 'done', stop: 'eos', raw: raw.slice(0, end), tokens: [...kept, ...rest], timings };
    return;
  }
}

function findStop(text: string, stops: readonly string[]): number | undefined {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? undefined : Math.min(...places);
}

/** How many characters at the end of the text could begin one of the stops. */
function longestBeginning(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}

function cutDone(done: DoneEvent, end: number): DoneEvent {
  const tokens: GeneratedToken[] = [];
  let length = 0;
  for (const token of done.tokens) {
    const text = token.text.slice(0, Math.max(0, end - length));
    length += token.text.length;
    if (text !== '') tokens.push({ ...token, text });
  }
  return { ...done, stop: 'eos', raw: done.raw.slice(0, end), tokens };
}
