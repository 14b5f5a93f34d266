import { encodeMaskRle, type MaskRle } from '../../base/mask-rle.js';
import type { EventPlace, StreamEvent } from '../../base/stream-event.js';
import type { ResultError, TaskResult } from '../../base/task-result.js';
import {
  SCHEMA_VERSION,
  toDetectionObject,
  toResultObject,
  toTokenObject,
  type BoxObject,
  type ResultObject,
  type TokenObject,
} from './result-object.js';
import { stringifyJson } from './stringify-json.js';

/** An event as written by --stream. */
export type EventObject = EventPlace &
  (
    | ({
        readonly event: 'start';
        readonly schemaVersion: typeof SCHEMA_VERSION;
      } & Pick<Extract<StreamEvent, { type: 'start' }>, 'input' | 'task' | 'prompt' | 'frame'>)
    | ({ readonly event: 'token' } & TokenObject)
    | ({ readonly event: 'box'; readonly index: number } & BoxObject)
    | { readonly event: 'mask'; readonly index: number; readonly mask: MaskRle }
    | { readonly event: 'done'; readonly result: ResultObject }
    | { readonly event: 'error'; readonly input: string; readonly error: ResultError }
  );

/**
 * An event as one line of JSON, with its kind in `event`. `done` holds the result as in the JSON formats; boxes are
 * rounded in the same way, and masks are run lengths.
 */
export function renderStreamEvent(event: StreamEvent): string {
  return `${stringifyJson(toEventObject(event))}\n`;
}

/**
 * The last events of an answer, in order: each box once more, with label and score, each mask, then `done`; or
 * `error` alone.
 */
export function endEventsOf(result: TaskResult, place: EventPlace): StreamEvent[] {
  const { input, error, detections = [] } = result;
  if (error !== undefined) return [{ ...place, type: 'error', input, error }];
  return [
    ...detections.map(({ mask: _mask, ...detection }, index) => ({
      ...place,
      type: 'box' as const,
      index,
      detection,
    })),
    ...detections.flatMap(({ mask }, index) =>
      mask === undefined ? [] : [{ ...place, type: 'mask' as const, index, mask }],
    ),
    { ...place, type: 'done', result },
  ];
}

/** An event as an object: masks as run lengths, numbers rounded as in results. */
export function toEventObject(event: StreamEvent): EventObject {
  const { inputNumber, answerNumber, promptNumber, tileNumber } = event;
  const head = {
    inputNumber,
    ...(answerNumber !== undefined && { answerNumber }),
    ...(promptNumber !== undefined && { promptNumber }),
    ...(tileNumber !== undefined && { tileNumber }),
  };
  switch (event.type) {
    case 'start': {
      const { input, task, prompt, frame } = event;
      return {
        event: 'start',
        ...head,
        schemaVersion: SCHEMA_VERSION,
        input,
        task,
        prompt,
        ...(frame && { frame }),
      };
    }
    case 'token':
      return { event: 'token', ...head, ...toTokenObject(event.token) };
    case 'box':
      return { event: 'box', ...head, index: event.index, ...toDetectionObject(event.detection) };
    case 'mask':
      return { event: 'mask', ...head, index: event.index, mask: encodeMaskRle(event.mask) };
    case 'done':
      return { event: 'done', ...head, result: toResultObject(event.result) };
    case 'error': {
      const { code, message, hint } = event.error;
      const { input } = event;
      return {
        event: 'error',
        ...head,
        input,
        error: { code, message, ...(hint === undefined ? {} : { hint }) },
      };
    }
  }
}
