import { encodeMaskRle } from '../../base/mask-rle.js';
import type { EventPlace, StreamEvent } from '../../base/stream-event.js';
import type { TaskResult } from '../../base/task-result.js';
import { SCHEMA_VERSION, toDetectionObject, toResultObject, toTokenObject } from './result-object.js';
import { stringifyJson } from './stringify-json.js';

/**
 * An event as one line of JSON, its kind in `event`. `done` holds the result as the JSON formats write it; boxes
 * are rounded as there, masks are run lengths.
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

function toEventObject(event: StreamEvent): Record<string, unknown> {
  const { type, inputNumber, answerNumber, promptNumber, tileNumber } = event;
  const head = {
    event: type,
    inputNumber,
    ...(answerNumber !== undefined && { answerNumber }),
    ...(promptNumber !== undefined && { promptNumber }),
    ...(tileNumber !== undefined && { tileNumber }),
  };
  switch (event.type) {
    case 'start': {
      const { input, task, prompt, frame } = event;
      return { ...head, schemaVersion: SCHEMA_VERSION, input, task, prompt, ...(frame && { frame }) };
    }
    case 'token':
      return { ...head, ...toTokenObject(event.token) };
    case 'box':
      return { ...head, index: event.index, ...toDetectionObject(event.detection) };
    case 'mask':
      return { ...head, index: event.index, mask: encodeMaskRle(event.mask) };
    case 'done':
      return { ...head, result: toResultObject(event.result) };
    case 'error': {
      const { code, message, hint } = event.error;
      const { input } = event;
      return { ...head, input, error: { code, message, ...(hint === undefined ? {} : { hint }) } };
    }
  }
}
