import * as v from 'valibot';
import type { TextSpec } from '../../base/model-spec.js';
import { parseSection, plainObject, positive, quote, unfit } from './config-file.js';

const DEFAULT_THETA = 10_000;
/** Where transformers 5 keeps one rotation for each kind of layer. */
const LAYER_KINDS = ['sliding_attention', 'full_attention'];

const ropeSchema = v.object({
  rope_theta: v.nullish(positive),
  rope_type: v.nullish(v.string()),
  type: v.nullish(v.string()),
  factor: v.nullish(positive),
  partial_rotary_factor: v.nullish(v.number()),
});

/**
 * How positions rotate queries and keys, as transformers 5 reads it: `rope_scaling` of older versions, else
 * `rope_parameters`; the base in there counts before `rope_theta` beside it.
 * @param section text_config of config.json at `path`.
 * @throws {ModelError} a kind of scaling that pali does not know; the sentence names it.
 */
export function readRope(
  section: Readonly<Record<string, unknown>>,
  path: string,
): Pick<TextSpec, 'ropeTheta' | 'ropeFactor'> {
  const name = isSet(section['rope_scaling']) ? 'rope_scaling' : 'rope_parameters';
  const at = `text_config.${name}`;
  const given = isSet(section[name]) ? section[name] : {};
  if (!v.is(plainObject, given)) throw unfit(path, `${at} is not an object`);
  const kinds = LAYER_KINDS.filter((kind) => isSet(given[kind]));
  if (new Set(kinds.map((kind) => JSON.stringify(given[kind]))).size > 1) {
    throw unfit(path, `${at} gives each kind of layer a rotation of its own, which pali cannot do`);
  }
  const rope = parseSection(ropeSchema, kinds.length > 0 ? given[kinds[0]] : given, path, at);
  const outer = parseSection(
    v.object({ rope_theta: v.nullish(positive), partial_rotary_factor: v.nullish(v.number()) }),
    section,
    path,
    'text_config',
  );
  if ((rope.partial_rotary_factor ?? outer.partial_rotary_factor ?? 1) !== 1) {
    throw unfit(path, 'partial_rotary_factor is not 1, and pali can only rotate whole heads');
  }
  const ropeTheta = rope.rope_theta ?? outer.rope_theta ?? DEFAULT_THETA;
  const type = rope.rope_type ?? rope.type ?? 'default';
  if (type === 'default') return { ropeTheta };
  if (type !== 'linear') {
    throw unfit(
      path,
      `${at} asks for ${quote(type)} scaling of positions; pali knows "default" and "linear"`,
    );
  }
  if (!isSet(rope.factor)) throw unfit(path, `${at} asks for linear scaling and gives no factor`);
  return { ropeTheta, ...(rope.factor === 1 ? {} : { ropeFactor: rope.factor! }) };
}

/** transformers takes an empty object for none. */
function isSet(value: unknown): boolean {
  const isEmpty = v.is(plainObject, value) && Object.keys(value).length === 0;
  return value !== null && value !== undefined && !isEmpty;
}
