import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../src/base/stream-event.js';
import { endEventsOf, renderStreamEvent } from '../../../src/render/formats/event-stream.js';
import { createJsonlRenderer } from '../../../src/render/formats/json.js';
import { detectionOf, maskOf } from '../../support/masks.js';
import { detectResult, errorResult } from '../../support/results.js';

const read = (event: StreamEvent): unknown => JSON.parse(renderStreamEvent(event));

describe('event stream', () => {
  it('writes each event as one line', () => {
    const events: StreamEvent[] = [
      { inputNumber: 0, type: 'start', input: 'a\nb.jpg', task: 'detect', prompt: 'detect car' },
      { inputNumber: 0, type: 'token', token: { id: 5, text: '\n\u009b', logprob: -0.1234567 } },
    ];
    const lines = events.map(renderStreamEvent);
    expect(lines.map((line) => line.replace(/\n$/, '').match(/\p{Cc}/u))).toEqual([null, null]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        event: 'start',
        inputNumber: 0,
        schemaVersion: 1,
        input: 'a\nb.jpg',
        task: 'detect',
        prompt: 'detect car',
      },
      { event: 'token', inputNumber: 0, id: 5, text: '\n\u009b', logprob: -0.12346 },
    ]);
  });

  it('writes a box before its label is known, and again when it is', () => {
    const box = { x0: 1.004, y0: 2, x1: 3, y1: 4 };
    expect(read({ inputNumber: 2, type: 'box', index: 1, detection: { box, bins: [4, 3, 2, 1] } })).toEqual({
      event: 'box',
      inputNumber: 2,
      index: 1,
      box: { ...box, x0: 1 },
      bins: [4, 3, 2, 1],
    });
    expect(read({ inputNumber: 2, type: 'box', index: 1, detection: detectionOf('car', box) })).toMatchObject(
      { label: 'car', score: 0.9123, boxScore: 0.8 },
    );
  });

  it('ends an input with its boxes, its masks and the whole result', () => {
    const [first, second] = detectResult.detections!;
    const mask = maskOf(['.#', '##']);
    const result = { ...detectResult, detections: [first, { ...second, mask }] };
    const events = endEventsOf(result, { inputNumber: 7 }).map(read) as { event: string; index?: number }[];
    expect(events.map(({ event, index }) => [event, index])).toEqual([
      ['box', 0],
      ['box', 1],
      ['mask', 1],
      ['done', undefined],
    ]);
    expect(events[1]).not.toHaveProperty('mask');
    expect(events[2]).toEqual({
      event: 'mask',
      inputNumber: 7,
      index: 1,
      mask: { size: [2, 2], counts: '13' },
    });
    expect(events[3]).toEqual({
      event: 'done',
      inputNumber: 7,
      result: JSON.parse(createJsonlRenderer().renderResult(result)) as unknown,
    });
  });

  it('ends an input that failed with its error alone', () => {
    expect(endEventsOf(errorResult, { inputNumber: 0 }).map(read)).toEqual([
      { event: 'error', inputNumber: 0, input: 'gone.jpg', error: errorResult.error },
    ]);
  });
});
