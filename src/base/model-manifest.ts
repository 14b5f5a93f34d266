import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describeIssue } from './describe-issue.js';
import { dtypes } from './dtype.js';
import { DamagedFileError, ModelError } from './errors.js';

export const MANIFEST_FILE = 'manifest.json';

/** Files up to this size are hashed whole at every load (about 0.1 s); larger ones by sample. */
const WHOLE_HASH_BYTES = 64 * 2 ** 20;
/** A sample: this many blocks, evenly spread, first and last bytes included. 4 MiB a file, a few milliseconds. */
const SAMPLE_BLOCKS = 64;
const SAMPLE_BLOCK_BYTES = 64 * 1024;
const HASH_BLOCK_BYTES = 2 ** 20;

const number = v.pipe(v.number(), v.finite());
const int = v.pipe(v.number(), v.safeInteger());
const natural = v.pipe(int, v.minValue(0));
/** The name of a file in the model's folder, never a path out of it. */
const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]+$/));

const fileSchema = v.object({
  path: fileName,
  sizeBytes: natural,
  sha256: v.pipe(v.string(), v.length(64)),
  /** Of the sample described at `hashSample`; the check that large files get at load. */
  sampleSha256: v.pipe(v.string(), v.length(64)),
});
export type ManifestFile = v.InferOutput<typeof fileSchema>;

const probeSchema = v.object({
  /** Ids of the probe prompt, <bos> first. */
  promptIds: v.array(int),
  /** For the prompt's last position and each forced token after it: best ids, their logits, logsumexp. */
  steps: v.array(v.object({ topIds: v.array(int), topValues: v.array(number), logSumExp: number })),
  /** Tokens appended after the prompt. */
  forcedIds: v.array(int),
  /** Some image features of the probe picture: [index, value]; absent where the tower was too slow to probe. */
  features: v.optional(v.array(v.strictTuple([int, number]))),
  /** What one decode step took on the CPU that recorded it. */
  cpuStepMs: number,
});
/** Numbers that the model gave on the CPU right after conversion; a GPU must reproduce them. */
export type ModelProbe = v.InferOutput<typeof probeSchema>;

const graphSchema = v.record(v.string(), fileName);

const manifestSchema = v.object({
  schemaVersion: v.literal(1),
  paliVersion: v.string(),
  createdAt: v.string(),
  source: v.object({
    path: v.string(),
    revision: v.optional(v.string()),
    licence: v.optional(v.string()),
    /** The LoRA adapter that was merged into the checkpoint: its folder or repository. */
    adapter: v.optional(v.string()),
  }),
  dtype: v.picklist(dtypes),
  spec: v.object({
    family: v.picklist(['paligemma', 'paligemma2']),
    vision: v.object({
      imageSize: int,
      patchSize: int,
      hiddenSize: int,
      intermediateSize: int,
      layers: int,
      heads: int,
      layerNormEps: number,
    }),
    text: v.object({
      hiddenSize: int,
      intermediateSize: int,
      layers: int,
      heads: int,
      keyValueHeads: int,
      headDim: int,
      rmsNormEps: number,
      ropeTheta: number,
      vocabSize: int,
      attentionScale: number,
      attentionSoftCap: v.optional(number),
      logitSoftCap: v.optional(number),
      slidingWindow: v.optional(int),
    }),
    tokens: v.object({
      pad: int,
      bos: int,
      eos: int,
      moreEnds: v.optional(v.pipe(v.array(natural), v.maxLength(64), v.readonly())),
      image: int,
      firstLoc: int,
      firstSeg: int,
    }),
  }),
  /** Part -> how its weights are stored, in words (`w8a8`, `q4 block 32`, `f32` ...), and bytes. */
  parts: v.record(v.string(), v.object({ format: v.string(), sizeBytes: number })),
  /** Graph files by form: `cpu`, `webgpu`, `webgpu-f16`, `cuda`. */
  graphs: v.object({ vision: graphSchema, decoder: graphSchema, mask: v.optional(fileName) }),
  /** Row-major table of text embeddings, unscaled: rows = vocabSize, columns = hiddenSize. */
  embedding: v.object({ file: fileName, dtype: v.picklist(['F32', 'F16', 'BF16']) }),
  files: v.array(fileSchema),
  probe: v.optional(probeSchema),
});

/** What a converted model's folder says about itself. */
export type ModelManifest = v.InferOutput<typeof manifestSchema>;

/**
 * Read a converted model's manifest and check that every file is there with the right size and, small files
 * whole and large ones by sample, the right content.
 * @param whole hash every byte of every file (`pali show --verify`).
 * @throws {ModelError} no manifest. {DamagedFileError} the manifest or a file is not what it should be.
 */
export async function readManifest(folder: string, whole = false): Promise<ModelManifest> {
  const manifest = await parseManifest(folder);
  await checkFiles(folder, manifest, whole);
  return manifest;
}

/**
 * The second half of readManifest.
 * @throws {DamagedFileError} a file is not what it should be.
 */
export async function checkFiles(folder: string, manifest: ModelManifest, whole = false): Promise<void> {
  for (const file of manifest.files) await checkFile(folder, file, whole);
}

/** The manifest alone, its files unchecked: enough to list models. Same errors as readManifest. */
export async function parseManifest(folder: string): Promise<ModelManifest> {
  const path = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ModelError(
      'MODEL_MISSING',
      `There is no converted model in ${folder}: ${MANIFEST_FILE} is missing.`,
      {
        hint: 'List what is there with: pali models',
        cause,
      },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, 'it is not JSON', cause);
  }
  const parsed = v.safeParse(manifestSchema, value);
  if (!parsed.success) {
    throw damaged(path, describeIssue(parsed.issues[0]));
  }
  return parsed.output;
}

async function checkFile(folder: string, file: ManifestFile, whole: boolean): Promise<void> {
  const path = join(folder, file.path);
  const size = await stat(path).then(
    (stats) => stats.size,
    () => undefined,
  );
  if (size === undefined) throw damaged(path, 'it is missing');
  if (size !== file.sizeBytes) throw damaged(path, `it has ${size} bytes and should have ${file.sizeBytes}`);
  const isWhole = whole || size <= WHOLE_HASH_BYTES;
  const hash = isWhole ? await hashFile(path) : await hashSample(path, size);
  if (hash !== (isWhole ? file.sha256 : file.sampleSha256)) throw damaged(path, 'its content has changed');
}

function damaged(path: string, why: string, cause?: unknown): DamagedFileError {
  return new DamagedFileError('MODEL_DAMAGED', `The converted model is damaged: ${path}: ${why}.`, {
    hint: 'Remove it with pali rm NAME and import it again.',
    cause,
  });
}

/** sha256 of a whole file, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    // Two blocks take turns: one is read while the other is hashed.
    const blocks = [Buffer.allocUnsafe(HASH_BLOCK_BYTES), Buffer.allocUnsafe(HASH_BLOCK_BYTES)];
    let reading = file.read(blocks[0]);
    for (let i = 1; ; i++) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) break;
      reading = file.read(blocks[i % 2]);
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** sha256 over 64 blocks of 64 KiB spread evenly from the first byte to the last, hex. */
export async function hashSample(path: string, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const block = Buffer.alloc(SAMPLE_BLOCK_BYTES);
    const last = Math.max(0, sizeBytes - SAMPLE_BLOCK_BYTES);
    for (let i = 0; i < SAMPLE_BLOCKS; i++) {
      const at = Math.floor((last * i) / (SAMPLE_BLOCKS - 1));
      const { bytesRead } = await file.read(block, 0, SAMPLE_BLOCK_BYTES, at);
      hash.update(block.subarray(0, bytesRead));
      if (last === 0) break;
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
