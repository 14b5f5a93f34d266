import { describe, expect, it } from 'vitest';
import { giveLeftOutValues } from '../../../src/cli/build-program.js';
import { readSeconds } from '../../../src/cli/options/read-seconds.js';
import { checkSingleVideo, readVideoOptions, videoOptions } from '../../../src/cli/options/video-options.js';

function read(options: Record<string, unknown>): ReturnType<typeof readVideoOptions> {
  return readVideoOptions({
    arguments: [],
    options,
    signal: new AbortController().signal,
    takeInterrupts: () => undefined,
  });
}

describe('videoOptions', () => {
  it('leave the file after an option alone whose number was left out', () => {
    const words = (...argv: string[]): string[] => giveLeftOutValues(argv, videoOptions);
    expect(words('--joint', 'film.mp4')).toEqual(['--joint=8', 'film.mp4']);
    expect(words('--joint', '16', 'film.mp4')).toEqual(['--joint', '16', 'film.mp4']);
    expect(words('film.mp4', '--scenes')).toEqual(['film.mp4', '--scenes=0.2']);
    expect(words('--skip-similar', '.1', 'x')).toEqual(['--skip-similar', '.1', 'x']);
    expect(words('--', '--joint', 'film.mp4')).toEqual(['--', '--joint', 'film.mp4']);
  });

  it('say how long to look, and whether to drop frames', () => {
    expect(read({}).options).toMatchObject({ durationSeconds: undefined, isLive: undefined });
    expect(read({ duration: '1:30' })).toMatchObject({ options: { durationSeconds: 90 }, isAsked: true });
    expect(read({ live: true }).options.isLive).toBe(true);
    expect(read({ live: false })).toMatchObject({ options: { isLive: false }, isAsked: true });
    expect(() => read({ duration: '0' })).toThrow(/--duration cannot be/);
    expect(() => read({ duration: '5s', end: '7s' })).toThrow(/both say where to stop/);
  });

  it('take a frame a second unless told otherwise', () => {
    expect(read({})).toMatchObject({
      options: { sampling: { kind: 'every', everySeconds: 1 } },
      isAsked: false,
    });
    expect(read({ fps: '4' })).toMatchObject({
      options: { sampling: { everySeconds: 0.25 } },
      isAsked: true,
    });
    expect(read({ frameNumbers: '0, 12,40-50' }).options.sampling).toEqual({
      kind: 'numbers',
      ranges: [
        [0, 0],
        [12, 12],
        [40, 50],
      ],
    });
  });

  it.each([
    { fps: '0' },
    { frames: '0' },
    { frames: '2.5' },
    { joint: '2.5' },
    { every: '0s' },
    { frameNumbers: '1,,2' },
    { frameNumbers: '9-3' },
    { skipSimilar: '2' },
  ])('refuse %o', (options) => {
    expect(() => read(options)).toThrow(/cannot be/);
  });
});

describe('checkSingleVideo', () => {
  it('refuses one annotated file for several inputs', async () => {
    await checkSingleVideo(read({ annotate: 'out.mp4' }), true);
    await checkSingleVideo(read({ annotate: 'out/' }), false);
    await checkSingleVideo(read({}), false);
    await expect(checkSingleVideo(read({ annotate: 'out.mp4' }), false)).rejects.toThrow(/is one file/);
  });
});

describe('readSeconds', () => {
  it.each([
    ['10', 10],
    ['2.5s', 2.5],
    ['500ms', 0.5],
    ['3m', 180],
    ['1h', 3600],
    ['1:30', 90],
    ['01:02:03.5', 3723.5],
  ])('reads %s', (text, seconds) => {
    expect(readSeconds({ start: text }, 'start')).toBe(seconds);
  });

  it.each(['soon', '1:2:3:4', '-1', '1e9', '10 s s', '99999999999'])('refuses %j', (text) => {
    expect(() => readSeconds({ start: text }, 'start')).toThrow(/--start cannot be/);
  });

  it('says that nothing was given', () => {
    expect(() => readSeconds({ start: '' }, 'start')).toThrow('--start is empty.');
  });
});
