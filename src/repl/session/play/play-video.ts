import { CancelledError, InputError } from '../../../base/errors.js';
import { joinSignals } from '../../../base/signals/join-signals.js';
import { onAbort } from '../../../base/signals/on-abort.js';
import type { VideoInfo } from '../../../base/video/video-info.js';
import { AnswerTimeline } from '../../../tasks/videos/answer-timeline.js';
import { scaledFrames, type VideoFrame } from '../../../tasks/videos/scaled-frames.js';
import { untilAborted } from '../state/until-aborted.js';
import type { VideoAnswer } from '../state/video-state.js';
import type { PlayedFrame, PlayerCommand, PlayerScreen } from './player-screen.js';

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

/** How far the keys for it jump, seconds. */
const JUMP_SECONDS = 5;
const SLOWEST = 1 / 8;
const FASTEST = 8;
/** On a terminal that is too slow for every frame one of so many is shown, however late. */
const MOST_DROPPED = 10;
/** Frames whose rate is told. */
const RATE_FRAMES = 20;

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

/** Where to go on. */
interface Place {
  readonly seconds: number;
}

class Player {
  readonly #screen: PlayerScreen;
  readonly #video: VideoInfo;
  readonly #options: PlayOptions;
  readonly #commands: PlayerCommand[] = [];
  readonly #shownAt: number[] = [];
  #wake: () => void = () => undefined;
  #isHeld = false;
  /** Aborted when the user leaves: nothing is waited for any longer. */
  readonly #stopped = new AbortController();
  #speed: number;
  /** When, and where, the clock was set. */
  #clock: { readonly wallMs: number; readonly seconds: number } | undefined;
  #shown = 0;
  #dropped = 0;
  #late = 0;
  #seconds: number;
  /** Times of frames that were met, in order, to go back to. */
  #times: number[] = [];

  constructor(screen: PlayerScreen, video: VideoInfo, options: PlayOptions) {
    this.#screen = screen;
    this.#video = video;
    this.#options = options;
    this.#speed = options.speed;
    this.#seconds = options.fromSeconds;
  }

  async run(): Promise<PlayReport> {
    this.#screen.onCommand = (command) => {
      this.#commands.push(command);
      if (command === 'stop') this.#stopped.abort(new CancelledError());
      this.#wake();
    };
    let place: Place | undefined = { seconds: this.#options.fromSeconds };
    while (place !== undefined) place = await this.#playFrom(place.seconds);
    return {
      shown: this.#shown,
      dropped: this.#dropped,
      framesPerSecond: this.#rate(),
      timeSeconds: this.#seconds,
    };
  }

  /** @returns where to go on, after a jump; undefined when the user has stopped it. */
  async #playFrom(seconds: number): Promise<Place | undefined> {
    const canvas = this.#screen.measure(this.#video);
    const timeline = new AnswerTimeline(this.#options.answer?.frames ?? [], canvas);
    const leaving = new AbortController();
    const signal = joinSignals(this.#options.signal, leaving.signal, this.#stopped.signal);
    this.#clock = undefined;
    let last: VideoFrame | undefined;
    try {
      for await (const frame of scaledFrames(this.#video, canvas, seconds, signal)) {
        this.#options.signal.throwIfAborted();
        if (frame.timeSeconds < seconds - EPSILON) {
          frame.release();
          continue;
        }
        if (this.#isLate(frame)) {
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
      if (this.#stopped.signal.aborted) return undefined;
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
      const command = this.#commands.shift() ?? (this.#isHeld ? await this.#nextCommand() : undefined);
      if (command === undefined) return 'on';
      switch (command) {
        case 'stop':
          return undefined;
        case 'hold':
          this.#isHeld = !this.#isHeld;
          this.#clock = undefined;
          await this.#show(frame, timeline);
          if (!this.#isHeld) return 'on';
          break;
        case 'forward':
          this.#isHeld = true;
          return 'on';
        case 'faster':
        case 'slower':
          this.#speed = Math.min(FASTEST, Math.max(SLOWEST, this.#speed * (command === 'faster' ? 2 : 0.5)));
          this.#clock = undefined;
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

  #jump(command: 'back' | 'ahead' | 'behind' | 'resize', seconds: number): Place {
    if (command === 'back') {
      this.#isHeld = true;
      const before = this.#times.findLast((time) => time < seconds - EPSILON);
      return { seconds: before ?? Math.max(0, seconds - 1 / this.#video.framesPerSecond) };
    }
    const by = command === 'ahead' ? JUMP_SECONDS : command === 'behind' ? -JUMP_SECONDS : 0;
    const end = Math.max(0, (this.#video.durationSeconds ?? Infinity) - 1 / this.#video.framesPerSecond);
    return { seconds: Math.max(0, Math.min(end, seconds + by)) };
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
      const command = await this.#nextCommand();
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

  /** A frame whose time is over when the next one's has come is not shown. */
  #isLate({ timeSeconds, endSeconds }: VideoFrame): boolean {
    const clock = this.#clock;
    if (clock === undefined || this.#isHeld || this.#late >= MOST_DROPPED) return (this.#late = 0) > 0;
    const isLate = this.#dueAt(Math.max(timeSeconds, endSeconds), clock) < this.#options.now();
    this.#late = isLate ? this.#late + 1 : 0;
    return isLate;
  }

  #dueAt(seconds: number, clock: { readonly wallMs: number; readonly seconds: number }): number {
    return clock.wallMs + ((seconds - clock.seconds) * 1000) / this.#speed;
  }

  /** Until this time has come, or a command. */
  async #waitFor(seconds: number): Promise<void> {
    const { now } = this.#options;
    this.#clock ??= { wallMs: now(), seconds };
    const waitMs = this.#dueAt(seconds, this.#clock) - now();
    if (this.#isHeld || waitMs <= 1 || this.#commands.length > 0) return;
    await this.#sleep(waitMs);
  }

  async #nextCommand(): Promise<PlayerCommand> {
    while (this.#commands.length === 0) await this.#sleep(undefined);
    return this.#commands.shift()!;
  }

  /** @throws {CancelledError} the signal was aborted. */
  async #sleep(milliseconds: number | undefined): Promise<void> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      const stopListening = onAbort(signal, () => this.#wake());
      this.#wake = () => {
        clearTimeout(timer);
        stopListening();
        resolve();
      };
    });
    this.#wake();
    this.#wake = () => undefined;
    signal.throwIfAborted();
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
      speed: this.#speed,
      state: state ?? (this.#isHeld ? 'held' : 'playing'),
      framesPerSecond: this.#isHeld ? 0 : this.#rate(),
    });
    // A busy terminal takes its time: who leaves does not wait for it.
    await untilAborted(shown, this.#stopped.signal).catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) throw error;
    });
    this.#shown++;
    if (this.#isHeld) this.#shownAt.length = 0;
    else this.#shownAt.push(now());
    if (this.#shownAt.length > RATE_FRAMES) this.#shownAt.shift();
  }

  #rate(): number {
    const [first] = this.#shownAt;
    const last = this.#shownAt.at(-1);
    const count = this.#shownAt.length - 1;
    return last !== undefined && last > first ? (count * 1000) / (last - first) : 0;
  }
}

/** Times of the same frame may differ by this much, seconds. */
const EPSILON = 0.0005;
