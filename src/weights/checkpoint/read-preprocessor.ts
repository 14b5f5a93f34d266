import { join } from 'node:path';
import * as v from 'valibot';
import { imageTokenCount, type VisionSpec } from '../../base/model-spec.js';
import { finite, parseSection, plainObject, positive, quote, size, unfit } from './config-file.js';
import { readConfigFileIfThere } from './read-config-file-if-there.js';

/** How a checkpoint's pixels follow from ours, -1 to 1, by channel: `scale * pixel + shift`. */
export interface PixelScaling {
  readonly scale: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

const off = (what: string): v.GenericSchema<unknown, unknown> =>
  v.nullish(v.literal(false, `${what} is not supported`));
/** One value for all channels, or one for each. */
const channels = v.nullish(v.union([finite, v.strictTuple([finite, finite, finite])]));
const deviations = v.nullish(v.union([positive, v.strictTuple([positive, positive, positive])]));

/** Defaults are those of transformers' SiglipImageProcessor. */
const schema = v.object({
  image_processor_type: v.nullish(
    v.pipe(
      v.string(),
      v.regex(/^(Siglip|PaliGemma)ImageProcessor(Fast|Pil)?$/, 'pictures are prepared otherwise'),
    ),
  ),
  do_resize: v.nullish(v.literal(true, 'pali always resizes'), true),
  size: v.nullish(v.object({ height: size, width: size })),
  resample: v.nullish(v.literal(3, 'only 3 (bicubic) is supported'), 3),
  do_rescale: v.nullish(v.boolean(), true),
  rescale_factor: v.nullish(v.pipe(finite, v.notValue(0)), 1 / 255),
  do_normalize: v.nullish(v.boolean(), true),
  image_mean: channels,
  image_std: deviations,
  image_seq_length: v.nullish(size),
  do_center_crop: off('cropping'),
  do_pad: off('padding'),
});

/** Fields that change nothing here: names of classes, forms of arrays, and what other switches would turn on. */
const WITHOUT_EFFECT = new Set([
  'feature_extractor_type',
  'processor_class',
  '_processor_class',
  '_valid_processor_keys',
  'do_convert_rgb',
  'default_to_square',
  'crop_size',
  'pad_size',
  'data_format',
  'input_data_format',
  'return_tensors',
  'device',
  'disable_grouping',
  'backend',
]);

/**
 * Read how pictures are to be prepared: the part `image_processor` of processor_config.json, which transformers 5
 * writes, else preprocessor_config.json. A checkpoint without either says nothing else than Google's.
 *
 * @returns undefined where pixels are brought to -1 to 1, as Google's are.
 * @throws {ModelError} they are prepared in a way that pali does not know; the sentence names the field.
 */
export async function readPreprocessor(
  folder: string,
  vision: VisionSpec,
): Promise<PixelScaling | undefined> {
  const newer = join(folder, 'processor_config.json');
  const nested = await readConfigFileIfThere(newer);
  const inner =
    nested === undefined ? undefined : parseSection(plainObject, nested, newer)['image_processor'];
  const older = join(folder, 'preprocessor_config.json');
  const [path, section, value] =
    inner === undefined || inner === null
      ? [older, undefined, await readConfigFileIfThere(older)]
      : [newer, 'image_processor', inner];
  if (value === undefined) return undefined;
  refuseUnknown(parseSection(plainObject, value, path, section), path);
  const fields = parseSection(schema, value, path, section);
  const { size: target, image_seq_length: length } = fields;
  const side = vision.imageSize;
  if (target && (target.height !== side || target.width !== side)) {
    throw unfit(
      path,
      `it asks for pictures of ${target.width} x ${target.height}, config.json for ${side} pixels a side`,
    );
  }
  if (length && length !== imageTokenCount(vision)) {
    throw unfit(path, `it counts ${length} tokens for a picture, config.json ${imageTokenCount(vision)}`);
  }
  return toScaling(fields);
}

function refuseUnknown(fields: Readonly<Record<string, unknown>>, path: string): void {
  const unknown = Object.keys(fields).find((name) => {
    const value = fields[name];
    const isOff = value === null || value === false;
    return !isOff && !Object.hasOwn(schema.entries, name) && !WITHOUT_EFFECT.has(name);
  });
  if (unknown !== undefined) {
    throw unfit(path, `it has the field ${quote(unknown)}, which pali does not know`);
  }
}

/** Our pixels are byte / 127.5 - 1; theirs are (byte * factor - mean) / std. */
function toScaling(fields: v.InferOutput<typeof schema>): PixelScaling | undefined {
  const factor = fields.do_rescale ? fields.rescale_factor : 1;
  const byChannel = (value: number | readonly number[] | null | undefined, usual: number): number[] =>
    [0, 1, 2].map((c) => (typeof value === 'number' ? value : (value?.[c] ?? usual)));
  const means = fields.do_normalize ? byChannel(fields.image_mean, 0.5) : [0, 0, 0];
  const deviations = fields.do_normalize ? byChannel(fields.image_std, 0.5) : [1, 1, 1];
  const half = 127.5 * factor;
  const scale = deviations.map((deviation) => half / deviation);
  const shift = means.map((mean, c) => (half - mean) / deviations[c]);
  // Half a rounding step of a byte: what is written as 0.00392156862745098 means 1/255.
  const isUsual = [...scale.map((value) => value - 1), ...shift].every((value) => Math.abs(value) < 1e-9);
  return isUsual
    ? undefined
    : { scale: scale as [number, number, number], shift: shift as [number, number, number] };
}
