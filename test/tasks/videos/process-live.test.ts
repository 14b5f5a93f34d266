import { spawn, type ChildProcess } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { CancelledError } from '../../../src/base/errors.js';
import type { StreamEvent } from '../../../src/base/stream-event.js';
import { captionTask } from '../../../src/tasks/prompts/caption.js';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { openAddress, recogniseBytes } from '../../../src/tasks/inputs/open-address.js';
import type { VideoObserver } from '../../../src/tasks/videos/video-job.js';
import { checkLiveOptions } from '../../../src/tasks/videos/check-live-options.js';
import { processVideo } from '../../../src/tasks/videos/process-video.js';
import type { RunOptions } from '../../../src/tasks/inputs/run-options.js';
import type { TaskOutput } from '../../../src/tasks/answers/task-output.js';
import type { Task } from '../../../src/tasks/prompts/task.js';
import type { VideoStream } from '../../../src/tasks/inputs/video-stream.js';
import type { VideoOptions } from '../../../src/tasks/videos/video-options.js';
import { findFfmpeg } from '../../../src/video/ffmpeg/find-ffmpeg.js';
import { collect, makeClip } from '../../support/make-clip.js';
import { serveRtsp } from '../../support/rtsp-server.js';
import { FakeEngine, type FakeAnswer } from '../../support/fake-engine.js';

/** Frames of the clip, 10 a second. */
const FRAMES = 20;

let folder: string;
let clip: string;
const senders: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-live-'));
  const scenes = Array.from({ length: FRAMES }, (_, i) => ({
    ground: [i * 10, 100, 200] as const,
    square: { x: i, y: 8, side: 16 },
  }));
  const outputOptions = ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'];
  clip = await makeClip(folder, 'clip.mkv', {
    ...{ width: 64, height: 32, framesPerSecond: 10, scenes, outputOptions },
  });
});
afterAll(async () => {
  for (const sender of senders) sender.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** The clip as another program sends it, at the speed at which it was taken. */
async function send(format: string, encoding = ['-c', 'copy']): Promise<VideoStream> {
  return asVideo(await startSender(format, encoding));
}

async function startSender(format: string, encoding: string[], loops = 0): Promise<Readable> {
  const { ffmpegPath } = await findFfmpeg();
  const input = ['-re', '-stream_loop', String(loops), '-i', clip];
  const args = ['-v', 'error', ...input, ...encoding, '-f', format, '-'];
  const sender = spawn(ffmpegPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  senders.push(sender);
  return sender.stdout;
}

async function asVideo(bytes: Readable, isFile = false): Promise<VideoStream> {
  const media = await recogniseBytes(bytes, { name: 'Standard input', isFile });
  if (media instanceof Readable) throw new Error('It was taken for a picture.');
  return media;
}

const everyFrame: VideoOptions = { sampling: { kind: 'all' }, isSummary: false, isTracked: false };

interface LiveRun extends VideoObserver {
  readonly options?: Partial<VideoOptions>;
  readonly task?: Task;
  readonly signal?: AbortSignal;
  readonly onEvent?: RunOptions['onEvent'];
}

function start(stream: VideoStream, answer: FakeAnswer, run: LiveRun = {}): AsyncIterable<TaskOutput> {
  const { options, task = captionTask({}), signal = new AbortController().signal, ...observer } = run;
  const runOptions: RunOptions = {
    sampling: { temperature: 0, topP: 1, seed: 0 },
    ...{ isConstrained: false, locScale: 1023, jobs: 4, keepsImages: false, signal },
  };
  const engine = new FakeEngine(answer);
  const video = { ...everyFrame, ...options };
  return processVideo({ name: '-', stream }, task, engine, { ...runOptions, ...observer, video });
}

describe('live input', () => {
  it.each(['matroska', 'mpegts'])(
    'drops frames of %s that come while the model works, and counts them',
    async (format) => {
      let tellDrops: () => void;
      const hasDropped = new Promise<void>((resolve) => (tellDrops = resolve));
      const notes: string[] = [];
      let dropped = 0;
      const encoding = format === 'mpegts' ? ['-c:v', 'mpeg4', '-bf', '0'] : undefined;
      // The first answer takes as long as it takes for ten frames to be dropped.
      const outputs = start(
        await send(format, encoding),
        async (_, count) => {
          if (count === 1) await hasDropped;
          return `answer ${count}`;
        },
        {
          onNote: (sentence) => notes.push(sentence),
          onDrop: (total) => {
            dropped = total;
            if (total >= 10) tellDrops();
          },
        },
      );
      const frames = (await collect(outputs)).map(({ result }) => result.frame!);
      expect(dropped + frames.length).toBe(FRAMES);
      expect(frames.reduce((sum, frame) => sum + frame.dropped!, 0)).toBe(dropped);
      expect(frames[0]).toMatchObject({ index: 0, timeSeconds: 0, dropped: 0 });
      // The newest: all that came before it while the model was busy are gone.
      expect(frames[1].index).toBe(frames[1].dropped! + 1);
      expect(frames[1].index).toBeGreaterThan(10);
      expect(frames.at(-1)!.index).toBe(FRAMES - 1);
      for (const [i, frame] of frames.slice(1).entries()) {
        expect(frame.index).toBeGreaterThan(frames[i].index);
        expect(frame.timeSeconds).toBeGreaterThan(frames[i].timeSeconds);
      }
      expect(notes).toEqual([
        expect.stringMatching(new RegExp(`^Standard input: ${dropped} of ${FRAMES} frames were dropped`)),
      ]);
    },
  );

  it('answers every frame of what waits for us', async () => {
    const stream = await asVideo(createReadStream(clip), true);
    const outputs = await collect(start(stream, (_, count) => `answer ${count}`));
    expect(outputs.map(({ result }) => result.frame)).toEqual(
      Array.from({ length: FRAMES }, (_, i) => ({
        ...{ index: i, timeSeconds: i / 10, endSeconds: (i + 1) / 10 },
      })),
    );
    const same = await collect(start(await send('matroska'), () => 'same', { options: { isLive: false } }));
    expect(same).toHaveLength(FRAMES);
  });

  it('looks for as long as was asked, and samples by time', async () => {
    const options = { durationSeconds: 1.05, sampling: { kind: 'every', everySeconds: 0.5 } } as const;
    const told: number[] = [];
    const outputs = start(await send('matroska'), () => 'answer', {
      options,
      onDrop: (total) => told.push(total),
    });
    const times = (await collect(outputs)).map(({ result }) => result.frame!.timeSeconds);
    expect(times.length + told.length).toBe(3);
    for (const seconds of times) expect([0, 0.5, 1]).toContain(seconds);
    expect(times.at(-1)).toBe(1);
  });

  it('keeps ids of objects, tells what happens, and puts frames together', async () => {
    const events: StreamEvent[] = [];
    const box = '<loc0256><loc0100><loc0767><loc0400> square';
    const options = { isTracked: true, durationSeconds: 0.55 };
    const task = detectTask('square');
    const outputs = start(await send('matroska'), () => box, {
      options,
      task,
      onEvent: (event) => events.push(event),
    });
    const results = (await collect(outputs)).map(({ result }) => result);
    for (const { frame } of results) expect(frame!.trackIds).toEqual([1]);
    const starts = events.filter(({ type }) => type === 'start');
    expect(starts).toMatchObject(
      results.map(({ frame }, inputNumber) => ({ inputNumber, frame: { index: frame!.index } })),
    );
    expect(events.filter(({ type }) => type === 'box')).toHaveLength(results.length);
    expect(events.some(({ type }) => type === 'token')).toBe(true);

    const joint = { jointFrames: 4, durationSeconds: 1 };
    let pictures = 0;
    const asked = start(
      await send('matroska'),
      ({ images }) => {
        pictures = images.length;
        return 'one answer';
      },
      { options: joint },
    );
    expect((await collect(asked)).map(({ result }) => result.text)).toEqual(['one answer']);
    expect(pictures).toBe(4);
  });

  it('ends when it is stopped, with a summary of what was done', async () => {
    const controller = new AbortController();
    const bytes = await startSender('matroska', ['-c', 'copy'], -1);
    const stream = await asVideo(bytes);
    const outputs = start(
      stream,
      (_, count) => {
        if (count === 2) queueMicrotask(() => setImmediate(() => controller.abort(new CancelledError())));
        return `answer ${count}`;
      },
      { options: { isSummary: true }, signal: controller.signal },
    );
    const texts: (string | undefined)[] = [];
    const reading = (async () => {
      for await (const { result } of outputs) texts.push(result.text);
    })();
    await expect(reading).rejects.toBeInstanceOf(CancelledError);
    expect(texts).toEqual([expect.stringContaining('answer 1')]);
    expect(bytes.destroyed).toBe(true);
  });

  it.each<[Partial<VideoOptions>, RegExp]>([
    [{ annotate: 'out.mp4' }, /comes only once/],
    [{ startSeconds: 3 }, /begins now/],
    [{ endSeconds: 3 }, /begins now/],
    [{ sampling: { kind: 'count', count: 3 } }, /no.* length|has none/],
    [{ jointFrames: 3 }, /has none/],
  ])('refuses %j', async (options, message) => {
    const stream = await asVideo(createReadStream(clip));
    const task = detectTask('square');
    await expect(collect(start(stream, () => '', { options, task }))).rejects.toThrow(message);
  });

  it('refuses to go on with what is over', () => {
    expect(() => checkLiveOptions(everyFrame, true)).toThrow(/over by then/);
  });

  it.each<Partial<VideoOptions>>([
    { annotate: 'out.mp4' },
    { sampling: { kind: 'count', count: 3 } },
    { jointFrames: 3 },
  ])('refuses %j where bytes come once', async (options) => {
    const stream = await asVideo(createReadStream(clip), true);
    const task = detectTask('square');
    await expect(collect(start(stream, () => '', { options, task }))).rejects.toThrow(/comes once/);
  });

  it('says what to do with a file whose index is at its end', async () => {
    const late = join(folder, 'late.mp4');
    const { ffmpegPath } = await findFfmpeg();
    const args = ['-v', 'error', '-i', clip, '-c', 'copy', '-movflags', '-faststart', late];
    await new Promise((resolve) => spawn(ffmpegPath, args).on('close', resolve));
    await expect(asVideo(createReadStream(late), true)).rejects.toMatchObject({
      code: 'VIDEO_NOT_STREAMABLE',
      hint: expect.stringContaining('faststart') as string,
    });
  });

  it('gives what is no video back, whole', async () => {
    const path = fixturePath('gallery', 'beach.png');
    const rest = await recogniseBytes(createReadStream(path), { name: '-', isFile: true });
    expect(Buffer.concat((await (rest as Readable).toArray()) as Buffer[])).toEqual(readFileSync(path));
  });

  it('reads a camera in the network', async () => {
    const camera = await serveRtsp(clip);
    try {
      const { signal } = new AbortController();
      const url = camera.url.replace('//', '//me:secret@');
      await expect(openAddress(url, { allowsPrivate: false, signal })).rejects.toMatchObject({
        code: 'URL_PRIVATE',
      });
      const stream = (await openAddress(url, { allowsPrivate: true, signal })) as VideoStream;
      expect(stream.liveness).toBe('live');
      const options = { durationSeconds: 0.75 };
      const results = (await collect(start(stream, () => 'answer', { options }))).map(({ result }) => result);
      expect(results[0]).toMatchObject({ image: { width: 64, height: 32 }, frame: { timeSeconds: 0 } });
      expect(results.length).toBeGreaterThan(0);
    } finally {
      await camera.close();
    }
    const gone = (await openAddress(camera.url, {
      ...{ allowsPrivate: true, signal: new AbortController().signal },
    })) as VideoStream;
    await expect(collect(start(gone, () => ''))).rejects.toMatchObject({ code: 'URL_FAILED' });
  });
});
