import { CancelledError, InputError } from '../../../base/errors.js';
import { joinSignals } from '../../../base/signals/join-signals.js';
import type { VideoInfo } from '../../../base/video/video-info.js';
import { AnswerTimeline } from '../../../tasks/videos/answer-timeline.js';
import { scaledFrames, type VideoFrame } from '../../../tasks/videos/scaled-frames.js';
import { untilAborted } from '../state/until-aborted.js';
import type { VideoAnswer } from '../state/video-state.js';
import { CommandQueue } from './command-queue.js';
import { EPSILON, findJump, type JumpCommand, type Place } from './find-jump.js';
import { FrameRate } from './frame-rate.js';
import { PlayClock } from './play-clock.js';
import type { PlayedFrame, PlayerScreen } from './player-screen.js';

/** How a video is played. */
export interface PlayOptions {
  readonly fromSeconds: number;
  /** 1 is as it was recorded. */
  readonly speed: number;
  /** The answers to show on it. */
  readonly answer?: Pick<VideoAnswer, 'frames'> | undefined;
  /** In the order in which they get their colours. */
  readonly labels: readonly string[];
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What was played. */
export interface PlayReport {
  readonly shown: number;
  /** Frames that came too late to be shown. */
  readonly dropped: number;
  readonly framesPerSecond: number;
  /** Where it was left. */
  readonly timeSeconds: number;
}

/**
 * Play a video until its end, or until the user stops it. Who stepped to the end with the keys stays there.
 * @throws {InputError} {CancelledError}
 */
export async function playVideo(
  screen: PlayerScreen,
  video: VideoInfo,
  options: PlayOptions,
): Promise<PlayReport> {
  const player = new Player(screen, video, options);
  return player.run();
}

class Player {
  readonly #screen: PlayerScreen;
  readonly #video: VideoInfo;
  readonly #options: PlayOptions;
  readonly #commands: CommandQueue;
  readonly #rate = new FrameRate();
  readonly #clock: PlayClock;
  #isHeld = false;
  #shown = 0;
  #dropped = 0;
  #seconds: number;
  /** Times of frames that were met, in order, to go back to. */
  #times: number[] = [];

  constructor(screen: PlayerScreen, video: VideoInfo, options: PlayOptions) {
    this.#screen = screen;
    this.#video = video;
    this.#options = options;
    this.#commands = new CommandQueue(options.signal);
    this.#clock = new PlayClock(options.speed, options.now);
    this.#seconds = options.fromSeconds;
  }

  async run(): Promise<PlayReport> {
    this.#screen.onCommand = (command) => this.#commands.add(command);
    let place: Place | undefined = { seconds: this.#options.fromSeconds };
    while (place !== undefined) place = await this.#playFrom(place.seconds);
    return {
      shown: this.#shown,
      dropped: this.#dropped,
      framesPerSecond: this.#rate.perSecond,
      timeSeconds: this.#seconds,
    };
  }

  /** @returns where to go on, after a jump; undefined when the user has stopped it. */
  async #playFrom(seconds: number): Promise<Place | undefined> {
    const canvas = this.#screen.measure(this.#video);
    const timeline = new AnswerTimeline(this.#options.answer?.frames ?? [], canvas);
    const leaving = new AbortController();
    const signal = joinSignals(this.#options.signal, leaving.signal, this.#commands.stopped);
    this.#clock.stop();
    let last: VideoFrame | undefined;
    try {
      for await (const frame of scaledFrames(this.#video, canvas, seconds, signal)) {
        this.#options.signal.throwIfAborted();
        if (frame.timeSeconds < seconds - EPSILON) {
          frame.release();
          continue;
        }
        if (this.#clock.isLate(frame, this.#isHeld)) {
          this.#dropped++;
          frame.release();
          continue;
        }
        await this.#waitFor(frame.timeSeconds);
        last?.release();
        last = frame;
        await this.#show(frame, timeline);
        const next = await this.#obey(frame, timeline);
        if (next !== 'on') return next;
      }
      if (last === undefined) return { seconds: Math.max(0, this.#times.at(-1) ?? 0) };
      return await this.#endAt(last, timeline);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (this.#commands.stopped.aborted) return undefined;
      // Past the last frame: a video may be a little shorter than it says.
      const known = this.#times.at(-1);
      if (!(error instanceof InputError) || known === undefined || last !== undefined || known >= seconds)
        throw error;
      return { seconds: known };
    } finally {
      leaving.abort(new CancelledError());
    }
  }

  /** What the user wants after this frame: `on` for the next one. */
  async #obey(frame: VideoFrame, timeline: AnswerTimeline): Promise<Place | undefined | 'on'> {
    for (;;) {
      const command = this.#commands.take() ?? (this.#isHeld ? await this.#commands.next() : undefined);
      if (command === undefined) return 'on';
      switch (command) {
        case 'stop':
          return undefined;
        case 'hold':
          this.#isHeld = !this.#isHeld;
          this.#clock.stop();
          await this.#show(frame, timeline);
          if (!this.#isHeld) return 'on';
          break;
        case 'forward':
          this.#isHeld = true;
          return 'on';
        case 'faster':
        case 'slower':
          this.#clock.changeSpeed(command === 'faster' ? 2 : 0.5);
          await this.#show(frame, timeline);
          break;
        case 'back':
        case 'ahead':
        case 'behind':
        case 'resize':
          return this.#jump(command, frame.timeSeconds);
      }
    }
  }

  #jump(command: JumpCommand, seconds: number): Place {
    if (command === 'back') this.#isHeld = true;
    return findJump(command, seconds, this.#video, this.#times);
  }

  /** The last frame has its time, too. */
  async #endAt(frame: VideoFrame, timeline: AnswerTimeline): Promise<Place | undefined> {
    if (this.#isHeld) return this.#stayAtEnd(frame, timeline);
    await this.#waitFor(frame.endSeconds);
    const next = await this.#obey(frame, timeline);
    if (next !== 'on') return next;
    return this.#isHeld ? this.#stayAtEnd(frame, timeline) : undefined;
  }

  async #stayAtEnd(frame: VideoFrame, timeline: AnswerTimeline): Promise<Place | undefined> {
    await this.#show(frame, timeline, 'ended');
    for (;;) {
      const command = await this.#commands.next();
      if (command === 'stop') return undefined;
      if (command === 'hold') {
        this.#isHeld = false;
        return { seconds: 0 };
      }
      if (command === 'forward' || command === 'ahead') continue;
      if (command === 'faster' || command === 'slower') continue;
      if (command === 'resize') this.#isHeld = true;
      return this.#jump(command, frame.timeSeconds);
    }
  }

  /** Until this time has come, or a command. */
  async #waitFor(seconds: number): Promise<void> {
    const waitMs = this.#clock.waitMs(seconds);
    if (this.#isHeld || waitMs <= 1 || !this.#commands.isEmpty) return;
    await this.#commands.sleep(waitMs);
  }

  async #show(frame: VideoFrame, timeline: AnswerTimeline, state?: PlayedFrame['state']): Promise<void> {
    const { now, labels } = this.#options;
    const { timeSeconds, image } = frame;
    if ((this.#times.at(-1) ?? -1) < timeSeconds) this.#times.push(timeSeconds);
    this.#seconds = timeSeconds;
    const shown = this.#screen.show({
      ...timeline.at(timeSeconds),
      ...{ image, timeSeconds, labels },
      durationSeconds: this.#video.durationSeconds,
      speed: this.#clock.speed,
      state: state ?? (this.#isHeld ? 'held' : 'playing'),
      framesPerSecond: this.#isHeld ? 0 : this.#rate.perSecond,
    });
    // A busy terminal takes its time: who leaves does not wait for it.
    await untilAborted(shown, this.#commands.stopped).catch((error: unknown) => {
      if (!this.#commands.stopped.aborted) throw error;
    });
    this.#shown++;
    if (this.#isHeld) this.#rate.clear();
    else this.#rate.add(now());
  }
}
