import type { EngineEvent } from '../engine.js';

/**
 * The rest of an answer that is given a second time, after `told` of its events were told already. The end is always
 * told: it has the whole answer.
 */
export async function* skipTold(
  events: AsyncIterable<EngineEvent>,
  told: number,
): AsyncGenerator<EngineEvent, void, undefined> {
  let count = 0;
  for await (const event of events) {
    if (count++ >= told || event.type === 'done') yield event;
  }
}
