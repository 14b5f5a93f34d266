import type { StreamEvent } from '../../../base/stream-event.js';
import { endEventsOf, renderStreamEvent } from '../../../render/formats/event-stream.js';
import { howToClose, type TextSink } from '../open-sink.js';
import type { ResultWriter } from './result-writer.js';

/** Writes what happens as lines of JSON, for --stream. */
export function writeEvents(sink: TextSink, onNote?: (sentence: string) => void): ResultWriter {
  let inputs = 0;
  let lastWrite = Promise.resolve();
  const tell = (event: StreamEvent): Promise<void> => {
    lastWrite = lastWrite.then(() => sink.write(renderStreamEvent(event)));
    // Whoever waits for it sees the failure; nobody else needs to.
    lastWrite.catch(() => undefined);
    return lastWrite;
  };
  return {
    tell: (event) => void tell(event),
    write: async (result, answerNumber) => {
      if (!answerNumber) inputs++;
      const place = { inputNumber: inputs - 1, ...(answerNumber !== undefined && { answerNumber }) };
      for (const event of endEventsOf(result, place)) await tell(event);
    },
    end: async (ending) => {
      await lastWrite;
      await sink.close(howToClose(inputs > 0 || ending === 'complete', ending), onNote);
    },
  };
}
