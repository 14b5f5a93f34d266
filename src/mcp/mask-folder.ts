import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContentBlock } from '@modelcontextprotocol/server';
import type { TaskResult } from '../base/task-result.js';
import { writeMasks } from '../render/drawing/mask-files.js';
import { MAX_OBJECTS } from './tool-schemas.js';

/** Writes masks as files: into a folder that the user named, or one that goes at the end. */
export class MaskFolder {
  readonly #named: string | undefined;
  #temporary: Promise<string> | undefined;
  #count = 0;

  constructor(named: string | undefined) {
    this.#named = named;
  }

  /** @returns a link to each mask, in the order of the objects. @throws {UsageError} the folder cannot be written to. */
  async write({ detections = [] }: TaskResult): Promise<ContentBlock[]> {
    const drawn = detections.slice(0, MAX_OBJECTS);
    if (drawn.every(({ mask }) => mask === undefined)) return [];
    const folder = this.#named ?? (await (this.#temporary ??= mkdtemp(join(tmpdir(), 'pali-masks-'))));
    // The number of this process keeps two servers with one folder apart.
    const paths = await writeMasks(drawn, folder, `${process.pid}-${++this.#count}`);
    return paths.map((path) => ({
      type: 'resource_link',
      uri: pathToFileURL(path).href,
      name: basename(path),
      mimeType: 'image/png',
    }));
  }

  /** Remove what was not to be kept. */
  async close(): Promise<void> {
    const folder = await this.#temporary?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}
