import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { CancelledError } from '../../../src/base/errors.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import { openVideo } from '../../../src/tasks/inputs/open-video.js';
import { packMasks } from '../../../src/tasks/videos/pack-masks.js';
import { PauseGate } from '../../../src/tasks/videos/pause-gate.js';
import { plannedTimes, sampleTimes } from '../../../src/tasks/videos/sample-times.js';
import { shrinkFrame, takeFrame } from '../../../src/tasks/videos/take-frame.js';
import { sampleFrames } from '../../../src/video/frames/sample-frames.js';
import { collect } from '../../support/make-clip.js';

const signal = new AbortController().signal;
const crossing = (await openVideo(fixturePath('video', 'crossing.mp4'), signal))!;
const shots = (await openVideo(fixturePath('video', 'three_shots.mp4'), signal))!;

describe('frames of a video', () => {
  it('are the ones that a whole run takes, at the times that are planned', async () => {
    for (const sampling of [
      { kind: 'every', everySeconds: 1.5 },
      { kind: 'count', count: 5 },
      { kind: 'scenes', threshold: 0.2 },
    ] as const) {
      const frames = await collect(sampleFrames(shots, { sampling }));
      const times = await sampleTimes(shots, sampling, signal);
      expect(times).toHaveLength(frames.length);
      for (const [i, seconds] of times.entries()) {
        const { index, timeSeconds, image } = await takeFrame(shots, seconds, signal);
        expect({ index, timeSeconds }).toEqual({
          index: frames[i].index,
          timeSeconds: frames[i].timeSeconds,
        });
        expect(Buffer.compare(image.data, frames[i].image.data)).toBe(0);
      }
    }
    expect(plannedTimes(shots, { kind: 'scenes', threshold: 0.2 })).toBeUndefined();
  });

  it('are small for a strip', async () => {
    const { image, thumbnail } = await takeFrame(crossing, 7.9, signal);
    expect(thumbnail).toBe(image);
    const wide = { width: 1000, height: 500, data: new Uint8Array(1_500_000) };
    expect(await shrinkFrame(wide)).toMatchObject({ width: 320, height: 160 });
  });

  it('end with the video, and with the signal', async () => {
    await expect(takeFrame(crossing, 8, signal)).rejects.toThrow(
      'is 0:08.0 long: there is no frame at 0:08.0.',
    );
    await expect(takeFrame(crossing, 1, AbortSignal.abort())).rejects.toThrow(CancelledError);
    expect(await openVideo(fixturePath('gallery', 'farm.png'), signal)).toBeUndefined();
    expect(await openVideo(join('no', 'such.mp4'), signal)).toBeUndefined();
  });
});

describe('a pause', () => {
  it('holds up who comes until it ends', async () => {
    const gate = new PauseGate();
    await gate.pass(signal);
    gate.toggle();
    let hasPassed = false;
    const passing = gate.pass(signal).then(() => (hasPassed = true));
    await new Promise((settle) => setImmediate(settle));
    expect([gate.isShut, hasPassed]).toEqual([true, false]);
    gate.toggle();
    await passing;
    expect(hasPassed).toBe(true);
  });

  it('does not hold up who is stopped', async () => {
    const gate = new PauseGate();
    gate.toggle();
    const stop = new AbortController();
    const passing = gate.pass(stop.signal);
    stop.abort();
    await expect(passing).rejects.toThrow(CancelledError);
    await expect(gate.pass(stop.signal)).rejects.toThrow(CancelledError);
  });
});

it('masks that are packed come back as they were', () => {
  const masks = fc
    .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
    .chain(({ width, height }) =>
      fc
        .array(fc.nat(1), { minLength: width * height, maxLength: width * height })
        .map((bits) => ({ width, height, data: Uint8Array.from(bits) })),
    );
  fc.assert(
    fc.property(masks, (mask) => {
      const detection = {
        label: 'a',
        score: 1,
        boxScore: 1,
        bins: [0, 0, 1, 1],
        box: { x0: 0, y0: 0, x1: 1, y1: 1 },
      } as const;
      const result: TaskResult = {
        ...{ input: 'a', task: 'segment', prompt: 'segment a' },
        detections: [{ ...detection, mask }, detection],
      };
      const packed = packMasks(result).detections!;
      expect(packed[0].mask).toEqual(mask);
      expect({ ...packed[0] }).toEqual({ ...detection, mask });
      expect(packed[1].mask).toBeUndefined();
    }),
  );
});
