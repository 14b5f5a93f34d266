import type { Stats } from 'node:fs';
import { chmod, chown, open, readlink, realpath, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { forgetPartPath, newPartPath } from './new-part-path.js';
import { putInPlace } from './put-in-place.js';
import { thisSystem } from './rename-patiently.js';

/** How a file is to be written. */
export interface PartFileOptions {
  /** Permissions, whatever an older file had. Without them those of the older file are kept. */
  readonly mode?: number;
  /** Look for what killed processes left of the same file: for files that take long. */
  readonly removesStale?: boolean;
}

/** Windows knows no such permissions. */
const isWindows = process.platform === 'win32';
/** Links that are followed to a file that is not there yet. */
const MAX_LINKS = 40;

/**
 * A file on its way: it is written beside its place and takes its name when it is whole. Until then an older file of
 * that name is untouched, and it stays when the work fails. The new file has the older one's permissions, and its owner
 * where that can be; a link stays a link, and the file that it names is replaced. What is no ordinary file, such as
 * /dev/null or a named pipe, is written to as it is.
 */
export class PartFile {
  /** Where to write, for programs that do it themselves. */
  readonly partPath: string;
  readonly #target: string;
  #file: FileHandle | undefined;
  #failure: { readonly error: unknown } | undefined;

  private constructor(partPath: string, target: string, file: FileHandle) {
    this.partPath = partPath;
    this.#target = target;
    this.#file = file;
  }

  /** Begin. @throws what the system says: the place cannot be written to. */
  static async open(path: string, options: PartFileOptions = {}): Promise<PartFile> {
    const old = await stat(path).catch(() => undefined);
    // Asked by its own name: that of a pipe behind /dev/stdout leads nowhere.
    if (old !== undefined && !old.isFile()) return new PartFile(path, path, await open(path, 'w'));
    const target = await followLinks(path);
    const partPath = await newPartPath(target, options.removesStale);
    const mode = options.mode ?? (old && old.mode & 0o777);
    // Nobody else sees in the meantime what only the owner may read.
    const file = await open(partPath, 'wx', mode === undefined ? undefined : 0o600);
    try {
      await keepOwner(partPath, old);
      if (mode !== undefined && !isWindows) await chmod(partPath, mode);
    } catch (error) {
      await file.close();
      await rm(partPath, { force: true });
      throw error;
    }
    return new PartFile(partPath, target, file);
  }

  /** Add to the end. @throws what the system says, such as that the disk is full: nothing is left of it then. */
  async write(content: string | Uint8Array): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#file?.writeFile(content);
    } catch (error) {
      this.#failure = { error };
      await this.discard();
    }
    this.#throwFailure();
  }

  /**
   * Give it its name.
   * @throws what the system said of the write that failed. {NotPlacedError} it could not get its name, and is kept.
   */
  async commit(system = thisSystem): Promise<void> {
    await this.#close();
    if (this.#failure !== undefined) await this.discard();
    this.#throwFailure();
    if (!this.isBeside) return;
    await putInPlace(this.partPath, this.#target, system);
    forgetPartPath(this.partPath);
  }

  /** Give it another name than its own, which keeps an older file. @throws as `commit`. */
  async commitAs(path: string): Promise<void> {
    await this.#close();
    this.#throwFailure();
    await putInPlace(this.partPath, path);
    forgetPartPath(this.partPath);
  }

  /** Leave nothing behind. */
  async discard(): Promise<void> {
    await this.#close();
    if (!this.isBeside) return;
    await rm(this.partPath, { force: true }).catch(() => undefined);
    forgetPartPath(this.partPath);
  }

  /** Whether there is another file until it is whole; false for a device or a pipe. */
  get isBeside(): boolean {
    return this.partPath !== this.#target;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** A disk across the network may say only now that it is full. */
  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch((error: unknown) => (this.#failure ??= { error }));
  }
}

/** The file that a path names at last, which need not be there. */
async function followLinks(path: string): Promise<string> {
  let place = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const real = await realpath(place).catch(() => undefined);
    if (real !== undefined) return real;
    const next = await readlink(place).catch(() => undefined);
    if (next === undefined) return place;
    place = resolve(dirname(place), next);
  }
  return place;
}

/** Root can give a file to its owner; others keep the group where they belong to it. */
async function keepOwner(path: string, old: Stats | undefined): Promise<void> {
  if (old === undefined || isWindows) return;
  const { uid, gid } = await stat(path);
  if (uid === old.uid && gid === old.gid) return;
  await chown(path, old.uid, old.gid).catch(() => chown(path, -1, old.gid).catch(() => undefined));
}
