import { join } from 'node:path';
import * as v from 'valibot';
import { describeIssue } from './describe-issue.js';
import { dtypes } from './dtype.js';
import { ModelError } from './errors.js';
import { describeUnread, isUnread, readRegularFile } from './files/read-regular-file.js';
import { generationRulesSchema } from './model-files/generation-rules.js';
import { checkEveryByte, checkFiles } from './model-files/check-files.js';
import { damagedModel } from './model-files/damaged-model.js';
import { hashManifest } from './model-files/manifest-checksum.js';
import { activations } from './model-spec.js';

export const MANIFEST_FILE = 'manifest.json';
/** A manifest has some 10 KB; one with 200 layers, notes and a probe 100. */
const MAX_MANIFEST_BYTES = 16 * 2 ** 20;
/**
 * What conversions write now. Models of version 1 still run: their decoders give logits themselves, one token a run,
 * and their 4 bits are not rotated.
 */
export const MANIFEST_VERSION = 2;

const number = v.pipe(v.number(), v.finite());
const int = v.pipe(v.number(), v.safeInteger());
const natural = v.pipe(int, v.minValue(0));
/** The name of a file in a folder, never a path out of it. */
export const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]+$/));

export const fileSchema = v.object({
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
  schemaVersion: v.picklist([1, MANIFEST_VERSION]),
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
      activation: v.optional(v.picklist(activations)),
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
      ropeFactor: v.optional(number),
      vocabSize: int,
      attentionScale: number,
      attentionSoftCap: v.optional(number),
      logitSoftCap: v.optional(number),
      slidingWindow: v.optional(int),
      slidingLayers: v.optional(v.pipe(v.array(natural), v.maxLength(200), v.readonly())),
      activation: v.optional(v.picklist(activations)),
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
    generation: v.optional(generationRulesSchema),
  }),
  /** What the checkpoint asks for and pali does not do, a sentence each. */
  notes: v.optional(v.array(v.string())),
  /** Part -> how its weights are stored, in words (`w8a8`, `q4 block 32`, `f32` ...), and bytes. */
  parts: v.record(v.string(), v.object({ format: v.string(), sizeBytes: number })),
  /** Graph files by form: `cpu`, `cpu-prefill`, `webgpu`, `webgpu-f16`, `cuda`; heads: `cpu`, `cpu-loc-seg`. */
  graphs: v.object({
    vision: graphSchema,
    decoder: graphSchema,
    /** Where the decoder's graph ends before the head. */
    head: v.optional(graphSchema),
    mask: v.optional(fileName),
  }),
  /** Row-major table of text embeddings, unscaled: rows = vocabSize, columns = hiddenSize. */
  embedding: v.object({ file: fileName, dtype: v.picklist(['F32', 'F16', 'BF16']) }),
  files: v.array(fileSchema),
  probe: v.optional(probeSchema),
  /** See addChecksum; absent in models of before it was written. */
  checksum: v.optional(v.string()),
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
  await (whole ? checkEveryByte : checkFiles)(folder, manifest.files);
  return manifest;
}

/** The manifest alone, its files unchecked: enough to list models. Same errors as readManifest. */
export async function parseManifest(folder: string): Promise<ModelManifest> {
  const path = join(folder, MANIFEST_FILE);
  const content = await readRegularFile(path, MAX_MANIFEST_BYTES);
  if (isUnread(content)) {
    if (content.reason !== 'missing' && content.reason !== 'unreadable') {
      throw damagedModel(path, describeUnread(content));
    }
    throw new ModelError(
      'MODEL_MISSING',
      `There is no converted model in ${folder}: ${MANIFEST_FILE} is missing.`,
      {
        hint: 'List what is there with: pali models',
        cause: content.cause,
      },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw damagedModel(path, 'it is not JSON', cause);
  }
  const parsed = v.safeParse(manifestSchema, value);
  if (!parsed.success) {
    throw damagedModel(path, describeIssue(parsed.issues[0]));
  }
  const { checksum } = parsed.output;
  if (checksum !== undefined && checksum !== hashManifest(value))
    throw damagedModel(path, 'its content has changed');
  return parsed.output;
}
