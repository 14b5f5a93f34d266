import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile, hashSample } from '../../base/model-files/hash-file.js';
import { addChecksum } from '../../base/model-files/manifest-checksum.js';
import { MANIFEST_FILE, type ManifestFile, type ModelManifest } from '../../base/model-manifest.js';
import { WeightFile } from '../graph/weight-file.js';

/** Writes the files of a converted model and records them for its manifest. */
export class ModelFolderWriter {
  readonly files: ManifestFile[] = [];
  readonly parts: Record<string, { format: string; sizeBytes: number }> = {};

  /** @param folder must exist. */
  constructor(private readonly folder: string) {}

  /**
   * Write one weight file.
   * @param part of the model, and `format` of its weights, for people.
   */
  async writeWeights<T>(
    name: string,
    part: string,
    format: string,
    write: (file: WeightFile) => Promise<T>,
  ): Promise<T> {
    const path = join(this.folder, name);
    const file = await WeightFile.create(path);
    try {
      const result = await write(file);
      const { sizeBytes, sha256 } = await file.close();
      this.files.push({ path: name, sizeBytes, sha256, sampleSha256: await hashSample(path, sizeBytes) });
      this.parts[part] = { format, sizeBytes };
      return result;
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }

  /** @returns the name. */
  async writeGraph(name: string, model: Uint8Array): Promise<string> {
    await writeFile(join(this.folder, name), model);
    await this.#record(name);
    return name;
  }

  /** Take a regular file over as it is; nothing happens when there is none. */
  async copyIfThere(sourceFolder: string, name: string): Promise<void> {
    const source = join(sourceFolder, name);
    if (!(await stat(source).catch(() => undefined))?.isFile()) return;
    await copyFile(source, join(this.folder, name));
    await this.#record(name);
  }

  /** Last: with it the folder is a model. */
  async writeManifest(manifest: ModelManifest): Promise<void> {
    await writeFile(join(this.folder, MANIFEST_FILE), addChecksum(manifest));
  }

  async #record(name: string): Promise<void> {
    const path = join(this.folder, name);
    const { size } = await stat(path);
    this.files.push({
      path: name,
      sizeBytes: size,
      sha256: await hashFile(path),
      sampleSha256: await hashSample(path, size),
    });
  }
}
