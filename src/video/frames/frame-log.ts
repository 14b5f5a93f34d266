/** What ffmpeg says about a frame that it gives out. */
export interface LoggedFrame {
  /** Number of the frame among those decoded, from 0. */
  readonly decodedNumber: number;
  /** In the file's own time; exact. */
  readonly fileSeconds: number;
  /** When a shot began, in the file's own time, where one did at this frame or at one left out before it. */
  readonly cutSeconds?: number;
}

/** The log of one run of ffmpeg with the filters of buildFrameFilters. */
export class FrameLog {
  /** Of the first decoded frame, in the file's own time. */
  firstSeconds: number | undefined;
  /** Of the latest decoded frame. */
  latestSeconds: number | undefined;
  /** Of the first decoded key frame. */
  firstKeySeconds: number | undefined;
  readonly #decodedAt: number;
  readonly #takenAt: number;
  readonly #timeBases = new Map<number, number>();
  readonly #decodedNumbers = new Map<string, number>();
  readonly #frames = new Map<number, LoggedFrame>();
  readonly #waiting = new Set<() => void>();
  #taken = 0;
  #decoded = 0;
  #cutSeconds: number | undefined;
  #hasEnded = false;

  /** The places of the two showinfo filters in the graph. */
  constructor(places: { readonly decodedAt: number; readonly takenAt: number }) {
    this.#decodedAt = places.decodedAt;
    this.#takenAt = places.takenAt;
  }

  /** Read one line of ffmpeg's stderr; lines of other filters are ignored. */
  addLine(line: string): void {
    const base = /^\[Parsed_showinfo_(\d+) @ [^\]]*\] config in time_base: (\d+)\/(\d+)/.exec(line);
    if (base) return void this.#timeBases.set(Number(base[1]), Number(base[2]) / Number(base[3]));
    if (/^\[Parsed_metadata_\d+ @ [^\]]*\] lavfi\.scene_score=/.test(line)) {
      // The very first frame is no change.
      if (this.#decoded > 1) this.#cutSeconds = this.latestSeconds;
      return;
    }
    const frame =
      /^\[Parsed_showinfo_(\d+) @ [^\]]*\] n: *\d+ pts: *(-?\d+|NOPTS) +pts_time:(-?[\d.]+|NOPTS)/.exec(line);
    if (!frame) return;
    const place = Number(frame[1]);
    if (place === this.#decodedAt) {
      this.#addDecoded(frame[2], this.#secondsOf(place, frame[2]));
      if (/ iskey:1 type:I/.test(line)) this.firstKeySeconds ??= this.latestSeconds;
    }
    if (place === this.#takenAt) this.#addTaken(this.#secondsOf(place, frame[2]));
  }

  /** ffmpeg is gone: no more frames follow. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Frame `position` (from 0) of those given out; undefined when there are fewer. Frames before it are forgotten. */
  async frameAt(position: number): Promise<LoggedFrame | undefined> {
    while (!this.#frames.has(position) && !this.#hasEnded) {
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
    this.#frames.delete(position - 1);
    return this.#frames.get(position);
  }

  #secondsOf(place: number, pts: string): number {
    // pts_time has only six digits: after some hours it is no longer exact. A stream without times has none.
    const timeBase = this.#timeBases.get(place);
    return timeBase === undefined || pts === 'NOPTS' ? (this.latestSeconds ?? 0) : Number(pts) * timeBase;
  }

  #addDecoded(pts: string, seconds: number): void {
    this.firstSeconds ??= seconds;
    this.latestSeconds = seconds;
    this.#decodedNumbers.set(seconds.toFixed(6), this.#decoded++);
  }

  #addTaken(fileSeconds: number): void {
    const key = fileSeconds.toFixed(6);
    const decodedNumber = this.#decodedNumbers.get(key) ?? Math.max(0, this.#decoded - 1);
    // Frames come out in order: earlier ones are not asked for again.
    for (const [time, number] of this.#decodedNumbers) {
      if (number < decodedNumber) this.#decodedNumbers.delete(time);
      else break;
    }
    this.#frames.set(this.#taken++, {
      decodedNumber,
      fileSeconds,
      ...(this.#cutSeconds === undefined ? {} : { cutSeconds: this.#cutSeconds }),
    });
    this.#cutSeconds = undefined;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
