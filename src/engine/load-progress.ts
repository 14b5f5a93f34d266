import { readResidentBytes } from '../base/machine/read-resident-bytes.js';

/** How far a model is loaded; bytes of its weights. */
export interface LoadProgress {
  /** Loaded parts. */
  readonly doneBytes: number;
  /** Of the part that is being loaded. */
  readonly partBytes: number;
  /** Of all parts. */
  readonly totalBytes: number;
}

/** How often the memory of the process is checked, milliseconds. */
const INTERVAL_MS = 200;
/**
 * By how much the memory grows with a part, as a multiple of its weights: they are mapped from the file and repacked.
 * 1.8 was measured with 1.2 GB of int4 on Linux; 2 never reports too much too early.
 */
const MEMORY_PER_WEIGHT = 2;

/**
 * Follows a process that loads a model, from its messages; between them, while one native call loads a part, from the
 * growth of its memory, where the system reports it (Linux). The share never goes back.
 */
export class LoadMeter {
  readonly #readResident: () => Promise<number | undefined>;
  readonly #onShare: (share: number) => void;
  readonly #timer: NodeJS.Timeout;
  #progress: LoadProgress | undefined;
  /** Bytes in memory when loading the part began. */
  #base: number | undefined;
  #share = 0;

  /** @param onShare called with the share that is loaded, 0 to 1. */
  constructor(
    pid: number | undefined,
    onShare: (share: number) => void,
    readResident: () => Promise<number | undefined> = async () =>
      pid === undefined ? undefined : readResidentBytes(pid),
  ) {
    this.#readResident = readResident;
    this.#onShare = onShare;
    this.#timer = setInterval(() => void this.look(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** The process has started another part. */
  begin(progress: LoadProgress): void {
    this.#progress = progress;
    this.#base = undefined;
    this.#tell(progress.doneBytes);
    void this.look();
  }

  /** Look how much of the part is in memory. */
  async look(): Promise<void> {
    const progress = this.#progress;
    const resident = progress && (await this.#readResident());
    if (resident === undefined || progress !== this.#progress) return;
    this.#base ??= resident;
    const grown = (resident - this.#base) / MEMORY_PER_WEIGHT;
    this.#tell(progress!.doneBytes + Math.max(0, Math.min(progress!.partBytes, grown)));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#progress = undefined;
  }

  #tell(bytes: number): void {
    const total = this.#progress?.totalBytes ?? 0;
    const share = total > 0 ? Math.min(1, bytes / total) : 0;
    if (share <= this.#share) return;
    this.#share = share;
    this.#onShare(share);
  }
}
