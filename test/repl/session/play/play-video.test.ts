import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../../src/base/errors.js';
import type { TaskResult } from '../../../../src/base/task-result.js';
import { openVideo } from '../../../../src/tasks/inputs/open-video.js';
import { playVideo, type PlayReport } from '../../../../src/repl/session/play/play-video.js';
import type {
  PlayedFrame,
  PlayerCommand,
  PlayerScreen,
} from '../../../../src/repl/session/play/player-screen.js';

const PATH = 'fixtures/video/crossing.mp4';

/** A screen that notes what it is shown, and answers each frame with the next commands. */
class NotingScreen implements PlayerScreen {
  onCommand: (command: PlayerCommand) => void = () => undefined;
  readonly frames: PlayedFrame[] = [];
  readonly #answer: (frame: PlayedFrame, count: number) => readonly PlayerCommand[];

  constructor(answer: (frame: PlayedFrame, count: number) => readonly PlayerCommand[]) {
    this.#answer = answer;
  }

  measure(): { width: number; height: number } {
    return { width: 64, height: 36 };
  }

  async show(frame: PlayedFrame): Promise<void> {
    this.frames.push(frame);
    for (const command of this.#answer(frame, this.frames.length)) this.onCommand(command);
  }

  close(): void {
    this.onCommand = () => undefined;
  }
}

/** Time stands still: no frame is ever late, and none is waited for longer than a moment. */
async function play(
  screen: PlayerScreen,
  change: Partial<Parameters<typeof playVideo>[2]> = {},
): Promise<PlayReport> {
  const { signal } = new AbortController();
  const info = (await openVideo(PATH, signal))!;
  let clock = 0;
  return playVideo(screen, info, {
    ...{ fromSeconds: 0, speed: 1, labels: [], signal, now: () => (clock += 1000) },
    ...change,
  });
}

const timesOf = ({ frames }: NotingScreen): number[] =>
  frames.map(({ timeSeconds }) => Math.round(timeSeconds * 10) / 10);

describe('playing a video', () => {
  it('shows frames of the size that was asked for, from where it was asked to begin', async () => {
    const screen = new NotingScreen((_, count) => (count === 3 ? ['stop'] : []));
    const report = await play(screen, { fromSeconds: 2, now: () => 0, speed: 1000 });
    expect(timesOf(screen)).toEqual([2, 2.1, 2.2]);
    expect(screen.frames[0].image).toMatchObject({ width: 64, height: 36 });
    expect(report).toMatchObject({ shown: 3, dropped: 0 });
  });

  it('steps forward and back, jumps, and is held meanwhile', async () => {
    const steps: PlayerCommand[] = ['hold', 'forward', 'forward', 'back', 'back', 'ahead', 'stop'];
    const screen = new NotingScreen((_, count) => [steps[count - 1]]);
    await play(screen, { fromSeconds: 1, now: () => 0 });
    // Held frames are shown again, to say so.
    expect(timesOf(screen)).toEqual([1, 1, 1.1, 1.2, 1.1, 1, 6]);
    expect(screen.frames.slice(1).every(({ state }) => state === 'held')).toBe(true);
  });

  it('leaves out what is late, and leaves by itself at the end', async () => {
    const screen = new NotingScreen(() => []);
    const report = await play(screen);
    expect(report.dropped).toBeGreaterThan(report.shown);
    expect(screen.frames.at(-1)).toMatchObject({ state: 'playing' });
  });

  it('stays at the end for who stepped there', async () => {
    const screen = new NotingScreen(({ state }) => [state === 'ended' ? 'stop' : 'forward']);
    await play(screen, { fromSeconds: 7.5, now: () => 0 });
    expect(screen.frames.at(-1)).toMatchObject({ state: 'ended' });
  });

  it('is left while a frame is still being drawn', async () => {
    const screen = new NotingScreen(() => ['stop']);
    const show = screen.show.bind(screen);
    screen.show = async (frame) => {
      await show(frame);
      await new Promise(() => undefined);
    };
    expect(await play(screen, { now: () => 0 })).toMatchObject({ dropped: 0 });
  });

  it('moves tracked objects from sample to sample, and keeps words until the next', async () => {
    const resultAt = (timeSeconds: number, x0: number): TaskResult => ({
      ...{ input: PATH, task: 'detect', prompt: 'detect dog', image: { width: 640, height: 360 } },
      detections: [
        {
          label: 'dog',
          box: { x0, y0: 0, x1: x0 + 100, y1: 100 },
          bins: [0, 0, 1, 1],
          score: 1,
          boxScore: 1,
        },
      ],
      frame: { index: timeSeconds * 10, timeSeconds, endSeconds: timeSeconds + 1, trackIds: [4] },
    });
    const screen = new NotingScreen(({ timeSeconds }) => (timeSeconds > 0.55 ? ['stop'] : []));
    const answer = { frames: [{ result: resultAt(0, 0) }, { result: resultAt(1, 200) }] };
    await play(screen, { answer, now: () => 0, speed: 1000 });
    const at = (seconds: number): number =>
      screen.frames.find(({ timeSeconds }) => Math.abs(timeSeconds - seconds) < 0.01)!.objects[0].detection
        .box.x0;
    // In the small frame's pixels: a tenth of the picture's.
    expect([at(0), at(0.5)]).toEqual([0, expect.closeTo(10, 1)]);
    expect(screen.frames[0].objects[0].trackId).toBe(4);
  });

  it('ends with the session', async () => {
    const leaving = new AbortController();
    const screen = new NotingScreen(() => {
      leaving.abort(new CancelledError());
      return [];
    });
    await expect(play(screen, { signal: leaving.signal, now: () => 0 })).rejects.toThrow(CancelledError);
  });
});
