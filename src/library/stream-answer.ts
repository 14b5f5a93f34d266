import { CancelledError } from '../base/errors.js';
import { joinSignals } from '../base/signals/join-signals.js';
import type { StreamEvent } from '../base/stream-event.js';
import { endEventsOf } from '../render/formats/event-stream.js';
import { answerOne, type OneQuestion } from './answer-one.js';

/** Ask, and tell what happens as it does. Leaving the loop cancels. @throws what answerOne throws. */
export async function* streamAnswer(question: OneQuestion): AsyncGenerator<StreamEvent, void, undefined> {
  const left = new AbortController();
  const signal = joinSignals(question.signal, left.signal);
  const events: StreamEvent[] = [];
  let wake = (): void => undefined;
  let isOver = false;
  const answering = answerOne({ ...question, signal }, (event) => {
    events.push(event);
    wake();
  }).finally(() => {
    isOver = true;
    wake();
  });
  answering.catch(() => undefined);
  try {
    while (!isOver || events.length > 0) {
      if (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      yield* events.splice(0);
    }
    yield* endEventsOf(await answering, { inputNumber: 0 });
  } finally {
    left.abort(new CancelledError());
  }
}
