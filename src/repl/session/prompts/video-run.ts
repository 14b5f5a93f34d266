import type { RgbImage } from '../../../base/image.js';
import { exitCodes, type ExitCode } from '../../../base/errors.js';
import { formatClock } from '../../../render/format-time.js';
import type { PauseGate } from '../../../tasks/videos/pause-gate.js';
import type { VideoTaskOutput } from '../../../tasks/videos/frame-results.js';
import type { TaskOutput } from '../../../tasks/answers/task-output.js';
import type { Task } from '../../../tasks/prompts/task.js';
import { EvenSampler } from './even-sampler.js';
import { KeptAnswers, MAX_LIVE_ANSWERS } from './kept-answers.js';
import { sampleDecimals } from '../state/sample-decimals.js';
import type { Session } from '../state/session.js';
import type { VideoPicture } from '../state/session-state.js';
import { samplingOf } from '../state/video-settings.js';
import type { Moment, MomentLook, StripFrame } from '../state/video-state.js';
import { MAX_LIVE_MOMENT, VideoTimeline } from './video-timeline.js';

/** How a prompt about a video was asked. */
interface RunCall {
  readonly line: string;
  readonly isOneOfSeveral: boolean;
  readonly gate: PauseGate;
}

/** Reports the progress of a prompt about a video to the session: progress, moments as blocks, the end. */
export class VideoRun {
  readonly #session: Session;
  readonly #task: Task;
  readonly #picture: VideoPicture;
  readonly #call: RunCall;
  readonly #timeline: VideoTimeline;
  readonly #kept: EvenSampler<StripFrame>;
  readonly #answers: KeptAnswers;
  readonly #settings: Session['state']['settings'];
  #total: number | undefined;
  #startedAt: number;
  #pausedAt: number | undefined;
  #hasMoments = false;
  /** Of the last frame that failed. */
  #failure: ExitCode = exitCodes.ok;
  #share = 0;
  #dropped: number | undefined;
  #frame: StripFrame | undefined;

  constructor(session: Session, task: Task, picture: VideoPicture, call: RunCall) {
    this.#session = session;
    this.#task = task;
    this.#picture = picture;
    const isLive = picture.video.stream !== undefined;
    if (isLive) this.#dropped = 0;
    this.#answers = new KeptAnswers(isLive ? MAX_LIVE_ANSWERS : Infinity);
    this.#call = call;
    this.#settings = session.state.settings;
    this.#timeline = new VideoTimeline(task.things ?? [], isLive ? MAX_LIVE_MOMENT : Infinity);
    this.#kept = new EvenSampler(Math.max(1, session.host.stripLength(this.#settings.preview)));
    this.#startedAt = session.host.now();
  }

  /** Answers so far. */
  get frames(): number {
    return this.#answers.count;
  }

  start(total: number | undefined): void {
    this.#total = total;
    this.#startedAt = this.#session.host.now();
    this.#tell();
  }

  /** Frames of live input that were dropped, so far. */
  drop(dropped: number): void {
    this.#dropped = dropped;
    this.#tell();
  }

  /** Pause the work, or let it continue. */
  togglePause(): void {
    const { gate } = this.#call;
    const now = this.#session.host.now();
    gate.toggle();
    if (gate.isShut) this.#pausedAt = now;
    else {
      this.#startedAt += now - (this.#pausedAt ?? now);
      this.#pausedAt = undefined;
    }
    this.#tell();
  }

  /** @param image a small version of the frame, where pictures are shown. */
  add(output: TaskOutput, image: RgbImage | undefined): void {
    const { result } = output;
    const { cutSeconds } = output as VideoTaskOutput;
    if (output.exitCode !== exitCodes.ok) this.#failure = output.exitCode;
    this.#answers.add({ result, ...(cutSeconds === undefined ? {} : { cutSeconds }) });
    const { timeSeconds = 0, endSeconds = 0 } = result.frame ?? {};
    this.#share = endSeconds / (this.#picture.video.info.durationSeconds || Infinity);
    if (image !== undefined) {
      const { detections = [], image: size = image } = result;
      this.#frame = { timeSeconds, image, detections, size, ids: result.frame?.trackIds };
      this.#kept.add(this.#frame);
    }
    const ended = this.#timeline.add(result);
    if (ended !== undefined) this.#addMoment(ended);
    this.#tell();
  }

  /** Turn the rest into blocks. */
  async finish(isCancelled: boolean): Promise<void> {
    const { host, store } = this.#session;
    const frames = this.#answers.list();
    const answer = frames.at(-1);
    if (answer === undefined) return;
    const strip = this.#kept.pick();
    const look = this.#look();
    const { count, truncated, skipped, hasObjects } = this.#answers;
    const elapsedMs = this.#elapsedMs();
    const shown =
      hasObjects && !isCancelled ? await host.drawStrip(strip, look, this.#settings.preview) : undefined;
    // All at once, so that no row appears twice.
    const last = this.#timeline.end();
    if (last !== undefined) this.#addMoment(last);
    if (frames.length < count) {
      const text = `Of ${count} answers the last ${frames.length} are kept for /save and /export.`;
      this.#session.addBlock({ type: 'note', text, tone: 'dim' });
    }
    store.dispatch({
      type: 'finish',
      block: {
        type: 'timeline',
        line: this.#hasMoments ? undefined : this.#call.line,
        strip: shown,
        frames: count,
        total: this.#total,
        seconds: elapsedMs / 1000,
        isCancelled,
        truncated,
        maxTokens: this.#settings.maxTokens ?? this.#task.maxTokens,
        skipped,
      },
      answer: {
        line: this.#call.line,
        result: answer.result,
        picture: this.#picture,
        video: {
          info: this.#picture.video.info,
          sampling: samplingOf(this.#settings),
          frames,
          strip,
        },
      },
    });
  }

  #addMoment(moment: Moment): void {
    const { line, isOneOfSeveral } = this.#call;
    const isFirst = !this.#hasMoments;
    this.#hasMoments = true;
    const hasFailed = moment.results[0].error !== undefined;
    this.#session.addBlock({
      type: 'moment',
      moment,
      look: this.#look(),
      line: isFirst ? line : undefined,
      pictureName: isOneOfSeveral ? this.#picture.name : undefined,
      exitCode: hasFailed ? this.#failure : exitCodes.ok,
    });
  }

  #look(): MomentLook {
    const decimals = sampleDecimals(samplingOf(this.#settings));
    const { durationSeconds = 0 } = this.#picture.video.info;
    return {
      decimals,
      timeColumns: formatClock(durationSeconds, decimals).length,
      labels: [...this.#timeline.labels],
    };
  }

  /** Excludes the current pause. */
  #elapsedMs(): number {
    return (this.#pausedAt ?? this.#session.host.now()) - this.#startedAt;
  }

  #tell(): void {
    const { store } = this.#session;
    const done = this.#answers.count;
    const seconds = this.#elapsedMs() / 1000;
    const framesPerSecond = done > 0 && seconds > 0 ? done / seconds : 0;
    const total = this.#total;
    const isKnown = total !== undefined && framesPerSecond > 0;
    store.dispatch({
      type: 'video-progress',
      progress: {
        done,
        total,
        share: total === undefined ? this.#share : done / total,
        framesPerSecond,
        secondsLeft: isKnown ? Math.max(0, total - done) / framesPerSecond : undefined,
        isPaused: this.#call.gate.isShut,
        canPause: true,
        moment: this.#timeline.open,
        look: this.#look(),
        hasMoments: this.#hasMoments,
        dropped: this.#dropped,
        frame: this.#frame,
      },
    });
  }
}
