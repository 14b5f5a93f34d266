import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readDiskSpace } from '../../base/files/read-disk-space.js';
import { whyUnwritable } from '../../base/files/unwritable.js';
import { hashFile, hashSample } from '../../base/model-files/hash-file.js';
import { type Pack, PACK_FOLDER, writePackFile } from '../../base/model-files/pack.js';
import { newTemporaryPack } from '../../base/model-files/temporary-pack.js';
import type { ManifestFile } from '../../base/model-manifest.js';
import { areAligned } from './are-aligned.js';
import { createSession, type InferenceSession, type SessionOptions } from './onnx-session.js';

/** What to pack. */
export interface PackWork extends Pick<Pack, 'runtime' | 'processor' | 'source'> {
  readonly modelFolder: string;
  /** The graph's name in that folder. */
  readonly graph: string;
  /** Of its weights. */
  readonly bytes: number;
  /** Called with a sentence when nothing was written. */
  readonly onUnwritten?: ((reason: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The weights are written as they are and as they were packed. */
const COPIES = 2;
/** Left free for everything else: this share of the disk, within these bounds. */
const RESERVE_SHARE = 0.1;
const LEAST_RESERVE_BYTES = 2e9;
const LARGEST_RESERVE_BYTES = 10e9;

/**
 * Load a graph and write it with its weights as they were packed. The folder appears whole or not at all.
 * @returns the session, also where only writing failed; undefined where there is no room or the folder cannot be
 * written to.
 * @throws the reason of `signal`, when it was aborted; nothing is left then.
 */
export async function writePack(
  work: PackWork,
  options: SessionOptions,
): Promise<InferenceSession | undefined> {
  const { modelFolder, graph, onUnwritten, signal } = work;
  if (!(await hasRoom(modelFolder, work.bytes))) {
    onUnwritten?.(`There is no room for them: too little of the disk of ${modelFolder} would stay free.`);
    return undefined;
  }
  const temporary = newTemporaryPack(modelFolder);
  let session: InferenceSession | undefined;
  try {
    await mkdir(temporary);
    const weightsName = graph.replace(/\.onnx$/, '') + '.data';
    const packsInto = { graphPath: join(temporary, graph), weightsName };
    session = await createSession(join(modelFolder, graph), { ...options, packsInto });
    if (!areAligned(await readFile(packsInto.graphPath))) throw new TooSmall();
    signal?.throwIfAborted();
    const { runtime, processor, source } = work;
    const files = [
      await recordFile(temporary, graph, signal),
      await recordFile(temporary, weightsName, signal),
    ];
    signal?.throwIfAborted();
    await writePackFile(temporary, { runtime, processor, source, graph, files });
    await rename(temporary, join(modelFolder, PACK_FOLDER));
  } catch (error) {
    if (signal?.aborted) {
      await session?.release();
      await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
      throw signal.reason;
    }
    onUnwritten?.(
      error instanceof TooSmall
        ? 'The matrices of this model are too small for them.'
        : `They could not be written to ${modelFolder}: ${whyUnwritable(modelFolder, error)}.`,
    );
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
  return session;
}

/** What was written would be mapped at addresses that some kernels cannot read. */
class TooSmall extends Error {}

async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  const space = await readDiskSpace(folder).catch(() => undefined);
  if (space === undefined) return false;
  const share = Math.min(LARGEST_RESERVE_BYTES, RESERVE_SHARE * space.totalBytes);
  const reserve = Math.max(LEAST_RESERVE_BYTES, share);
  return space.freeBytes - COPIES * bytes >= reserve;
}

/** What a file holds, once the disk has it: after a power cut its name may be there and its content not. */
async function recordFile(
  folder: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ManifestFile> {
  const place = join(folder, path);
  const file = await open(place, 'r+');
  try {
    await file.sync();
    const sizeBytes = (await file.stat()).size;
    return {
      path,
      sizeBytes,
      sha256: await hashFile(place, signal),
      sampleSha256: await hashSample(place, sizeBytes),
    };
  } finally {
    await file.close();
  }
}
