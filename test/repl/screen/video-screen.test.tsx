import '../../../src/repl/screen/draw-in-ci.js';
import fc from 'fast-check';
import { render } from 'ink';
import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../src/base/task-result.js';
import { assignLabelColors } from '../../../src/render/drawing/label-colors.js';
import { drawStrip, stripLength } from '../../../src/repl/screen/pictures/draw-strip.js';
import { formatBlock } from '../../../src/repl/screen/blocks/format-block.js';
import { formatProgress } from '../../../src/repl/screen/live/format-progress.js';
import { textWidth } from '../../../src/repl/input/graphemes.js';
import { Repl } from '../../../src/repl/screen/Repl.js';
import { reduceSession } from '../../../src/repl/session/state/reduce-session.js';
import {
  startSession,
  type Block,
  type OpenPicture,
  type Run,
} from '../../../src/repl/session/state/session-state.js';
import { defaultSettings } from '../../../src/repl/session/state/settings.js';
import { Placeholders } from '../../../src/repl/screen/terminal/placeholders.js';
import { createStore } from '../../../src/repl/session/state/store.js';
import { createTheme } from '../../../src/repl/screen/terminal/theme.js';
import { reduceUi, startUi } from '../../../src/repl/screen/ui-state.js';
import type {
  MomentLook,
  OpenVideo,
  StripFrame,
  VideoProgress,
} from '../../../src/repl/session/state/video-state.js';

const image = { width: 64, height: 36, data: new Uint8Array(64 * 36 * 3) };
const info = { width: 640, height: 360, durationSeconds: 12, framesPerSecond: 25 } as OpenVideo['info'];
const video: OpenVideo = {
  info,
  path: '/cat.mp4',
  strip: [],
  poster: { image, thumbnail: image, decodeMs: 1 },
};
const picture: OpenPicture = { name: 'cat.mp4', ...video.poster, video };
const theme = createTheme({ colors: 'none', isUnicode: true });
const look: MomentLook = { decimals: 0, timeColumns: 4, labels: ['dog', 'tractor'] };

const result = (change: Partial<TaskResult>): TaskResult => ({
  input: 'cat.mp4',
  task: 'caption',
  prompt: 'caption en',
  ...change,
});
const object = (label: string): NonNullable<TaskResult['detections']>[number] => ({
  ...{ label, score: 0.9, boxScore: 0.9 },
  box: { x0: 0, y0: 0, x1: 300, y1: 200 },
  bins: [0, 0, 500, 500],
});
const frameAt = (timeSeconds: number): StripFrame => ({ timeSeconds, image, detections: [], size: info });

const moment = {
  results: [result({ text: 'a cat on the grass' })],
  startSeconds: 0,
  lastSeconds: 4,
};
const progress: VideoProgress = {
  ...{ done: 7, total: 12, share: 7 / 12, framesPerSecond: 3.1, secondsLeft: 1.6 },
  ...{ isPaused: false, canPause: true, moment, look, hasMoments: false },
  frame: frameAt(4),
};

/** The live region of a window while a video is worked on. */
function drawLive(
  change: Partial<VideoProgress>,
  columns = 80,
  rows = 24,
  changedRun: Partial<Run> = {},
): string {
  let frame = '';
  const stdout = {
    columns,
    isTTY: true,
    on: () => undefined,
    off: () => undefined,
    write: (text: string) => (frame = text.startsWith('\u001b[?25') ? frame : text),
  };
  const model = { name: 'demo', dtype: 'fp32', device: 'cpu', phase: 'ready', wantedDevice: 'auto' } as const;
  const started = reduceSession(startSession(defaultSettings, model), { type: 'open', picture });
  const run = { line: 'caption en', step: 'answering', isObjectTask: false } as const;
  const session = createStore(
    { ...started, run: { ...run, video: { ...progress, ...change }, ...changedRun } },
    reduceSession,
  );
  const colored = createTheme({ colors: '24-bit', isUnicode: true });
  const env = { COLORTERM: 'truecolor', TERM: 'xterm-256color' };
  const profile = { theme: colored, env, isScreenReader: false };
  const output = { setCursor: () => undefined, placeholders: new Placeholders() };
  const ui = createStore(startUi([], { columns, rows }), reduceUi);
  const app = render(<Repl session={session} ui={ui} profile={profile} output={output} />, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    debug: true,
    patchConsole: false,
  });
  app.unmount();
  // eslint-disable-next-line no-control-regex
  return output.placeholders.resolve(frame).replace(/\u001b\[[\d;]*m/g, '');
}

function formatPlain(block: Block, columns = 80): string[] {
  return formatBlock(block, { theme, columns, placePicture: ({ text }) => text.trimEnd().split('\n') });
}

describe('a video on the screen', () => {
  it('shows while it runs the newest moment, the frame and how far it is', () => {
    const frame = drawLive({});
    expect(frame).toMatch(/› caption en\n {2}0:00–0:04 {2}a cat on the grass\n {2} {30,40}\n/);
    expect(frame).toMatch(/⠋ ━{24} 7\/12 · 3\.1 frames\/s · 2 s left · space pauses/);
    expect(frame).toContain('cat.mp4 0:12 · demo fp32 · cpu');
    expect(drawLive({ hasMoments: true })).not.toContain('› caption en');
  });

  it('says what it is while its frames are still looked for', () => {
    const opening = {
      type: 'video',
      name: 'cat.mp4',
      info,
      samples: '12 samples at 1 fps',
      hint: 'hint',
    } as const;
    const frame = drawLive({}, 80, 24, { line: '', step: 'opening the video', opening, video: undefined });
    expect(frame).toMatch(
      / {2}cat\.mp4 {2}0:12 · 640×360 · 25 fps · 12 samples at 1 fps {2}hint\n {2}⠋ opening the video · esc stops/,
    );
  });

  it('says that it is paused, and how to go on', () => {
    const frame = drawLive({ isPaused: true });
    expect(frame).toContain('‖ ━');
    expect(frame).toContain('7/12 · paused · space goes on');
  });

  it('is never wider or as high as the window', () => {
    const long = { ...moment, results: [result({ text: 'word '.repeat(80) })] };
    for (const [columns, rows] of [
      [40, 20],
      [24, 10],
      [80, 8],
      [20, 5],
    ]) {
      const lines = drawLive({ moment: long }, columns, rows).split('\n');
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('keeps its line of progress within any width', () => {
    fc.assert(
      fc.property(
        fc.record({
          columns: fc.integer({ min: 1, max: 200 }),
          done: fc.nat(99_999),
          total: fc.option(fc.integer({ min: 1, max: 99_999 }), { nil: undefined }),
          share: fc.double({ min: -1, max: 2, noNaN: true }),
          isPaused: fc.boolean(),
        }),
        ({ columns, ...change }) => {
          const line = formatProgress({ ...progress, ...change }, { theme, columns });
          expect(textWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  it('says what it is, how it is sampled, and how to change that, in any window', () => {
    const block: Block = {
      type: 'video',
      ...{ name: 'cat.mp4', info },
      samples: '12 samples at 1 fps',
      hint: 'change with /set fps 2',
    };
    expect(formatPlain(block, 100)).toEqual([
      '  cat.mp4  0:12 · 640×360 · 25 fps · 12 samples at 1 fps  change with /set fps 2',
      '',
    ]);
    expect(formatPlain(block, 40)).toEqual([
      '  cat.mp4  0:12 · 640×360 · 25 fps',
      '  12 samples at 1 fps',
      '  change with /set fps 2',
      '',
    ]);
  });

  it('shows moments in rows: texts, objects with how many, nothing, errors', () => {
    const row = (change: Partial<TaskResult>, columns = 80): string[] =>
      formatPlain(
        { type: 'moment', look, exitCode: 0, moment: { ...moment, results: [result(change)] } },
        columns,
      );
    expect(row({ text: 'a cat' })).toEqual(['  0:00–0:04  a cat']);
    const detections = [object('tractor'), object('dog'), object('tractor')];
    const detect = { task: 'detect', detections } as const;
    expect(row(detect)).toEqual(['  0:00–0:04  ● dog  ● tractor ×2']);
    const frame = { index: 0, timeSeconds: 0, endSeconds: 1, trackIds: [3, 1, 2] };
    expect(row({ ...detect, frame })).toEqual(['  0:00–0:04  ● dog #1  ● tractor #2 #3']);
    expect(row({ task: 'detect', detections: [] })).toEqual(['  0:00–0:04  none found']);
    expect(row({ error: { code: 'X', message: 'It broke\u001b[2J.' } })).toEqual([
      '  0:00–0:04  ✗ It broke\\u001b[2J.',
    ]);
    expect(row({ text: 'a cat on the grass' }, 28)).toEqual([
      '  0:00–0:04  a cat on the',
      '             grass',
    ]);
    expect(row({ text: 'a cat' }, 20)).toEqual(['  0:00–0:04', '    a cat']);
  });

  it('says at the end how many frames there were, and what went otherwise', () => {
    const end = {
      frames: 12,
      total: 12,
      seconds: 3.456,
      isCancelled: false,
      truncated: 0,
      maxTokens: 128,
      skipped: 0,
    };
    const last = (change: object): string[] => formatPlain({ type: 'timeline', ...end, ...change });
    expect(last({})).toEqual(['  12 frames · 3.46 s', '']);
    expect(last({ frames: 5, isCancelled: true })).toEqual(['  5 of 12 frames · cancelled · 3.46 s', '']);
    expect(last({ skipped: 4 })).toEqual(['  12 frames · 4 similar skipped · 3.46 s', '']);
    expect(last({ truncated: 1 })[0]).toBe('  1 answer stopped at 128 tokens; /set max-tokens 256');
  });
});

describe('a strip of frames', () => {
  const blocks = { protocol: 'blocks', isInTmux: false } as const;
  const frames = [0, 2, 4, 6, 8, 10].map(frameAt);

  it.each([
    [160, 6],
    [120, 5],
    [80, 3],
    [40, 2],
    [24, 1],
  ])('in a window of %d columns has %d frames, with their times below', async (columns, count) => {
    const window = { columns, rows: 24 };
    expect(stripLength(blocks, window)).toBe(count);
    const strip = await drawStrip(frames, { decimals: 0, labels: [] }, blocks, window);
    const times = strip!.times.split(/ +/);
    expect(times).toHaveLength(count);
    expect([times[0], times.at(-1)]).toEqual(['0:00', count === 1 ? '0:00' : '0:10']);
    expect(strip!.picture.columns).toBeLessThanOrEqual(columns - 4);
    const rows = strip!.picture.text.trimEnd().split('\n');
    expect(rows).toHaveLength(strip!.picture.rows);
    // eslint-disable-next-line no-control-regex
    for (const row of rows) expect(row.replace(/\u001b\[[\d;]*m/g, '').length).toBe(strip!.picture.columns);
  });

  it('has the boxes on it', async () => {
    const found = frames.map((frame) => ({ ...frame, detections: [object('dog')] }));
    const window = { columns: 80, rows: 24 };
    const strip = await drawStrip(found, { decimals: 0, labels: [] }, blocks, window);
    expect(strip!.times.split(/ +/)).toEqual(['0:00', '0:06', '0:10']);
    const { color } = assignLabelColors(['dog']).get('dog')!;
    expect(strip!.picture.text).toContain(`8;2;${color.join(';')}`);
  });

  it('is one picture where the terminal draws pixels, and none where it cannot', async () => {
    const window = { columns: 80, rows: 24 };
    const kitty = await drawStrip(
      frames,
      { decimals: 0, labels: [] },
      { protocol: 'kitty', isInTmux: false },
      window,
    );
    expect(kitty!.picture).toMatchObject({ isText: false, columns: 76, rows: 7 });
    expect(kitty!.picture.text.split('\u001b_Ga=T')).toHaveLength(2);
    expect(await drawStrip(frames, { decimals: 0, labels: [] }, undefined, window)).toBeUndefined();
    expect(stripLength({ protocol: 'ascii', isInTmux: false }, window)).toBe(0);
  });
});
