import { describeProgress } from './describe-progress.js';
import { createProgressLine } from './progress-line.js';

/** What is shown of an engine. */
export interface WatchedEngine {
  load(onProgress: (share: number) => void): Promise<unknown>;
  describeWork?(): string | undefined;
}

/**
 * Shows a run's progress: how much of the model is loaded, then how many inputs are done or, once there is a video,
 * how many frames of the current video.
 */
export class RunProgress {
  readonly #line: ReturnType<typeof createProgressLine>;
  readonly #isSingle: boolean;
  #unit: 'pictures' | 'frames' = 'pictures';
  #total: number | undefined;
  #startedAt = performance.now();
  #done = 0;
  #known = 0;
  #isLoading = true;
  #engine: WatchedEngine | undefined;

  /** @param inputs how many there are, if known; a single one is not counted. */
  constructor(
    isQuiet: boolean,
    { total, isSingle }: { readonly total?: number | undefined; readonly isSingle: boolean },
  ) {
    this.#line = createProgressLine(isQuiet);
    this.#total = total;
    this.#isSingle = isSingle;
    this.#show();
  }

  /** Whether a video was among the inputs so far. */
  get hasVideo(): boolean {
    return this.#unit === 'frames';
  }

  /** Show how the model loads, then who works. Asking loads it too, and reports errors. */
  watchLoading(engine: WatchedEngine): void {
    this.#engine = engine;
    const showShare = (share: number): void => {
      if (this.#isLoading) this.#line.show(`loading the model · ${Math.floor(share * 100)} %`);
    };
    const endLoading = (): void => {
      if (this.#isLoading) this.#line.clear();
      this.#isLoading = false;
    };
    engine.load(showShare).then(endLoading, endLoading);
  }

  /** Count the frames of a video from now on. */
  startVideo(frames: number | undefined): void {
    [this.#unit, this.#total, this.#startedAt] = ['frames', frames, performance.now()];
    [this.#done, this.#known] = [0, 0];
  }

  /** Count one more as done. @param isKnown an earlier run answered it. */
  add(isKnown: boolean = false): void {
    this.#done++;
    if (isKnown) this.#known++;
    this.#show();
  }

  /** Make room for other lines. */
  clear(): void {
    this.#line.clear();
  }

  end(): void {
    this.#isLoading = false;
    this.#line.clear();
  }

  #show(): void {
    if (this.#unit === 'pictures' && this.#isSingle) return;
    const elapsedMs = performance.now() - this.#startedAt;
    const progress = describeProgress(this.#done, this.#total, elapsedMs, this.#unit, this.#known);
    const work = this.#engine?.describeWork?.();
    this.#line.show(work === undefined ? progress : `${progress} · ${work}`);
  }
}
