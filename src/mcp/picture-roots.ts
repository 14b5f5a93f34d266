import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, UsageError } from '../base/errors.js';
import { printablePath } from '../render/printable-path.js';

/** Folders that pictures may be read from. */
export class PictureRoots {
  readonly #roots: readonly string[];

  /** @param roots real paths. */
  private constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** @throws {UsageError} one of them is not a folder. */
  static async open(folders: readonly string[]): Promise<PictureRoots> {
    const roots: string[] = [];
    for (const folder of folders) {
      const real = await realpath(folder).catch(() => undefined);
      if (real === undefined || !(await stat(real)).isDirectory()) {
        throw new UsageError('FOLDER_MISSING', `${printablePath(folder)} is not a folder.`, {
          hint: 'Name folders that pictures may be read from: pali mcp ~/Pictures',
        });
      }
      roots.push(real);
    }
    return new PictureRoots(roots);
  }

  /**
   * The real path of a picture, links followed: it lies below a root. A relative one is looked for below each.
   * What lies elsewhere is refused whether or not it is there.
   * @throws {InputError}
   */
  async find(path: string): Promise<string> {
    const named = path.startsWith('file://') ? toPath(path) : path;
    if (this.#roots.length === 0) throw refusal(named, 'no folder was named when pali mcp was started');
    let isMissing = false;
    for (const root of isAbsolute(named) ? [''] : this.#roots) {
      const full = root === '' ? resolve(named) : join(root, named);
      const real = await realpath(full).catch(() => undefined);
      if (real === undefined) isMissing ||= this.#holds(full);
      else if (this.#holds(real)) {
        // A pipe or a device would be waited for without end.
        if ((await stat(real)).isFile()) return real;
        throw new InputError('IMAGE_UNREADABLE', `${printablePath(named)} is not a file.`);
      }
    }
    if (isMissing) throw new InputError('IMAGE_MISSING', `There is no file ${printablePath(named)}.`);
    throw refusal(named, `only these are: ${this.#roots.map(printablePath).join(', ')}`);
  }

  #holds(path: string): boolean {
    return this.#roots.some((root) => {
      const rest = relative(root, path);
      return rest !== '' && !rest.startsWith('..') && !isAbsolute(rest);
    });
  }
}

function toPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new InputError('IMAGE_MISSING', 'The file address cannot be read.', { cause });
  }
}

function refusal(path: string, why: string): InputError {
  return new InputError(
    'PATH_OUTSIDE',
    `${printablePath(path)} is not below a folder that may be read: ${why}.`,
    { hint: 'Send the picture itself as a data URI, or its http address.' },
  );
}
