import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../src/base/task-result.js';
import { createCocoRenderer } from '../../../src/render/formats/coco.js';
import { createCsvRenderer } from '../../../src/render/formats/csv.js';
import { formatTimestamp } from '../../../src/render/format-time.js';
import { createRawRenderer } from '../../../src/render/formats/raw.js';
import type { ResultRenderer } from '../../../src/render/formats/result-renderer.js';
import { createSrtRenderer, createVttRenderer } from '../../../src/render/formats/subtitles.js';
import { createTextRenderer } from '../../../src/render/formats/text.js';
import { captionResult, detectResult, errorResult } from '../../support/results.js';

function frameAt(seconds: number, text: string): TaskResult {
  return {
    ...{ ...captionResult, input: 'a.mp4', text, raw: text },
    frame: { index: seconds * 10, timeSeconds: seconds, endSeconds: seconds + 1 },
  };
}

function renderAll(renderer: ResultRenderer, results: readonly TaskResult[]): string {
  return [renderer.start(), ...results.map((result) => renderer.renderResult(result)), renderer.end()].join(
    '',
  );
}

const clip = [frameAt(0, 'a door'), frameAt(1, 'a door'), frameAt(2, 'a <man> & --> dog'), frameAt(3, '')];

describe('subtitles', () => {
  it('writes one cue for equal neighbours, and none for empty answers', () => {
    expect(renderAll(createSrtRenderer(), clip)).toBe(
      '1\n00:00:00,000 --> 00:00:02,000\na door\n\n2\n00:00:02,000 --> 00:00:03,000\na <man> & -> dog\n\n',
    );
    expect(renderAll(createVttRenderer(), clip)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\na door\n\n00:00:02.000 --> 00:00:03.000\na &lt;man&gt; &amp; --&gt; dog\n\n',
    );
  });

  it('lets no answer break a cue', () => {
    const written = renderAll(createVttRenderer(), [
      frameAt(0, 'one\n\ntwo\u001b[31m\n00:00:09.000 --> 00:00:10.000'),
    ]);
    expect(written.split('\n\n')).toHaveLength(3);
    expect(written).not.toContain('\u001b');
    expect(written.match(/-->/g)).toHaveLength(1);
  });

  it('tells objects by what and how many, and leaves errors out', () => {
    const car = detectResult.detections?.slice(0, 1) ?? [];
    const frame = { index: 0, timeSeconds: 0, endSeconds: 1 };
    const results = [
      { ...detectResult, detections: [...car, ...car], frame },
      { ...errorResult, frame: { index: 1, timeSeconds: 1, endSeconds: 2 } },
    ];
    expect(renderAll(createSrtRenderer(), results)).toBe('1\n00:00:00,000 --> 00:00:01,000\ncar × 2\n\n');
  });
});

describe('formatTimestamp', () => {
  it.each([
    [0, '00:00:00.000'],
    [-1, '00:00:00.000'],
    [59.9996, '00:01:00.000'],
    [3723.5, '01:02:03.500'],
    [360000, '100:00:00.000'],
  ])('writes %d as %s', (seconds, text) => {
    expect(formatTimestamp(seconds)).toBe(text);
  });
});

describe('frames in other formats', () => {
  it('begin lines of text and raw with their time, equal neighbours once', () => {
    const style = { withInputName: false, isTerminal: false, isColored: false };
    expect(renderAll(createTextRenderer(style), clip)).toBe(
      '00:00:00.000\ta door\n00:00:02.000\ta <man> & --> dog\n00:00:03.000\t\n',
    );
    expect(renderAll(createRawRenderer({ withInputName: true }), clip.slice(0, 1))).toBe(
      'a.mp4\t00:00:00.000\ta door\n',
    );
  });

  it('carry number, times and track ids in csv and coco', () => {
    const frame = { index: 12, timeSeconds: 0.5, endSeconds: 1, trackIds: [3, 4] };
    const csv = renderAll(createCsvRenderer(), [{ ...detectResult, frame }]).split('\r\n');
    expect(csv[0]).toMatch(/,error,frame,time_seconds,end_seconds,track_id$/);
    expect(csv[1]).toMatch(/,12,0\.5,1,3$/);
    const coco = JSON.parse(
      renderAll(createCocoRenderer({ segmentation: 'rle' }), [{ ...detectResult, input: 'a.mp4', frame }]),
    ) as { videos: object[]; images: object[]; annotations: object[] };
    expect(coco.videos).toEqual([{ id: 1, name: 'a.mp4' }]);
    expect(coco.images[0]).toMatchObject({ video_id: 1, frame_id: 12, time_seconds: 0.5 });
    expect(coco.annotations[1]).toMatchObject({ track_id: 4 });
  });
});
