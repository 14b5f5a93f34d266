import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dtypes } from './dtype.js';
import { DamagedFileError, ModelError } from './errors.js';

export const MANIFEST_FILE = 'manifest.json';

/** Files up to this size are hashed whole at every load (about 0.1 s); larger ones by sample. */
const WHOLE_HASH_BYTES = 64 * 2 ** 20;
/** A sample: so many blocks, evenly spread, first and last bytes included. 4 MiB a file, a few milliseconds. */
const SAMPLE_BLOCKS = 64;
const SAMPLE_BLOCK_BYTES = 64 * 1024;
const HASH_BLOCK_BYTES = 2 ** 20;

/** The name of a file in the model's folder, never a path out of it. */
const fileName = z.string().regex(/^[A-Za-z0-9._-]+$/);

const fileSchema = z.object({
  path: fileName,
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().length(64),
  /** Of the sample described at `hashSample`; the check that large files get at load. */
  sampleSha256: z.string().length(64),
});
export type ManifestFile = z.infer<typeof fileSchema>;

const probeSchema = z.object({
  /** Ids of the probe prompt, <bos> first. */
  promptIds: z.array(z.number().int()),
  /** For the prompt's last position and each forced token after it: best ids, their logits, logsumexp. */
  steps: z.array(
    z.object({ topIds: z.array(z.number().int()), topValues: z.array(z.number()), logSumExp: z.number() }),
  ),
  /** Tokens appended after the prompt. */
  forcedIds: z.array(z.number().int()),
  /** Some image features of the probe picture: [index, value]; absent where the tower was too slow to probe. */
  features: z.array(z.tuple([z.number().int(), z.number()])).optional(),
  /** What one decode step took on the CPU that recorded it. */
  cpuStepMs: z.number(),
});
/** Numbers that the model gave on the CPU right after conversion; a GPU must give them again. */
export type ModelProbe = z.infer<typeof probeSchema>;

const graphSchema = z.record(z.string(), fileName);

const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  paliVersion: z.string(),
  createdAt: z.string(),
  source: z.object({
    path: z.string(),
    revision: z.string().optional(),
    licence: z.string().optional(),
    /** The LoRA adapter that was merged into the checkpoint: its folder or repository. */
    adapter: z.string().optional(),
  }),
  dtype: z.enum(dtypes),
  spec: z.object({
    family: z.enum(['paligemma', 'paligemma2']),
    vision: z.object({
      imageSize: z.number().int(),
      patchSize: z.number().int(),
      hiddenSize: z.number().int(),
      intermediateSize: z.number().int(),
      layers: z.number().int(),
      heads: z.number().int(),
      layerNormEps: z.number(),
    }),
    text: z.object({
      hiddenSize: z.number().int(),
      intermediateSize: z.number().int(),
      layers: z.number().int(),
      heads: z.number().int(),
      keyValueHeads: z.number().int(),
      headDim: z.number().int(),
      rmsNormEps: z.number(),
      ropeTheta: z.number(),
      vocabSize: z.number().int(),
      attentionScale: z.number(),
      attentionSoftCap: z.number().optional(),
      logitSoftCap: z.number().optional(),
      slidingWindow: z.number().int().optional(),
    }),
    tokens: z.object({
      pad: z.number().int(),
      bos: z.number().int(),
      eos: z.number().int(),
      moreEnds: z.array(z.number().int().nonnegative()).max(64).readonly().optional(),
      image: z.number().int(),
      firstLoc: z.number().int(),
      firstSeg: z.number().int(),
    }),
  }),
  /** Part -> how its weights are stored, in words (`w8a8`, `q4 block 32`, `f32` ...), and bytes. */
  parts: z.record(z.string(), z.object({ format: z.string(), sizeBytes: z.number() })),
  /** Graph files by form: `cpu`, `webgpu`, `webgpu-f16`, `cuda`. */
  graphs: z.object({ vision: graphSchema, decoder: graphSchema, mask: fileName.optional() }),
  /** Row-major table of text embeddings, unscaled: rows = vocabSize, columns = hiddenSize. */
  embedding: z.object({ file: fileName, dtype: z.enum(['F32', 'F16', 'BF16']) }),
  files: z.array(fileSchema),
  probe: probeSchema.optional(),
});

/** What a converted model's folder says about itself. */
export type ModelManifest = z.infer<typeof manifestSchema>;

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
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(path, `${issue?.path.join('.') ?? 'a field'}: ${issue?.message ?? 'wrong'}`);
  }
  return parsed.data;
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
