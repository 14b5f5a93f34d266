import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { DamagedFileError } from '../errors.js';
import { isUnread, readRegularFile } from '../files/read-regular-file.js';
import { fileName, fileSchema } from '../model-manifest.js';
import { checkEveryByte } from './check-files.js';
import { addChecksum, hashManifest } from './manifest-checksum.js';

/** In a model's folder, and in none of its manifest's lists: the model is whole without it. */
export const PACK_FOLDER = 'packed';
const PACK_FILE = 'packed.json';
const MAX_PACK_BYTES = 2 ** 20;

const packSchema = v.object({
  schemaVersion: v.literal(1),
  isWanted: v.literal(true),
  /** Version of onnxruntime. */
  runtime: v.string(),
  /** See describeProcessor. */
  processor: v.string(),
  /** digestModel of the files that were packed. */
  source: v.string(),
  /** The graph among the files. */
  graph: fileName,
  files: v.array(fileSchema),
  checksum: v.string(),
});
const refusalSchema = v.object({ schemaVersion: v.literal(1), isWanted: v.literal(false) });

/**
 * A decoder's graph with its weights as the runtime packed them for a processor: quicker to load than what it was made
 * from, and mapped.
 */
export type Pack = v.InferOutput<typeof packSchema>;

/** What became of a model's packed weights; `refused`: the user wants none. */
export type PackState = Pack | 'missing' | 'refused' | 'damaged';

/** What packed.json says. The files are not looked at. */
export async function readPack(modelFolder: string): Promise<PackState> {
  const pack = await inspectPack(modelFolder);
  return pack === 'unreadable' ? 'damaged' : pack;
}

/** As readPack, and whether it is only this user who cannot read packed.json. */
export async function inspectPack(modelFolder: string): Promise<PackState | 'unreadable'> {
  const content = await readRegularFile(join(modelFolder, PACK_FOLDER, PACK_FILE), MAX_PACK_BYTES);
  if (isUnread(content)) {
    const { reason } = content;
    return reason === 'missing' || reason === 'unreadable' ? reason : 'damaged';
  }
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    if (v.is(refusalSchema, value)) return 'refused';
    const pack = v.parse(packSchema, value);
    return pack.checksum === hashManifest(value) ? pack : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** As it is read by readPack. */
export async function writePackFile(
  packFolder: string,
  pack: Omit<Pack, 'schemaVersion' | 'isWanted' | 'checksum'>,
): Promise<void> {
  const text = addChecksum({ schemaVersion: 1, isWanted: true, ...pack });
  await writeFile(join(packFolder, PACK_FILE), text);
}

/** The model's weights are never packed ahead. */
export async function refusePack(modelFolder: string): Promise<void> {
  const folder = join(modelFolder, PACK_FOLDER);
  await mkdir(folder);
  await writeFile(join(folder, PACK_FILE), `${JSON.stringify({ schemaVersion: 1, isWanted: false })}\n`);
}

/** What they take on the disk, bytes. */
export function sumPackBytes({ files }: Pack): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/**
 * Read every byte of a pack.
 * @throws {DamagedFileError} one is not what it should be.
 */
export async function verifyPack(modelFolder: string, pack: Pack): Promise<void> {
  const folder = join(modelFolder, PACK_FOLDER);
  await checkEveryByte(folder, pack.files).catch((cause: unknown) => {
    if (!(cause instanceof DamagedFileError)) throw cause;
    const message = `The packed weights in ${folder} have changed since they were written.`;
    throw new DamagedFileError('PACK_DAMAGED', message, {
      hint: 'Rewrite them with pali pack, or remove that folder: the model runs without it.',
      cause,
    });
  });
}
