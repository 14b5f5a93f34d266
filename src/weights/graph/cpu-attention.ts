import type { AttentionContext } from './decoder-attention.js';
import { type Dimension, type GraphBuilder, MICROSOFT } from './graph-builder.js';
import { addTwoPartAttention, declareTwoPartInputs, type PastInputs } from './two-part-attention.js';

/** Inputs of a run that holds the whole prefix. */
export interface PrefixInputs {
  /** int32 [b]: length of the prefix - 1. */
  readonly lastPositions: string;
  /** int32 [1]: length of the prefix. */
  readonly total: string;
}

/** Inputs of the CPU form beside the cache. */
export interface CpuInputs extends PastInputs, PrefixInputs {
  /** bool [1]: the run holds the whole prefix. */
  readonly isPrefill: string;
}

/** Declare `seqlens_k` and `total` (see PrefixInputs). */
export function declarePrefixInputs({ graph }: AttentionContext): PrefixInputs {
  return {
    lastPositions: graph.input('seqlens_k', 'int32', ['b']),
    total: graph.input('total', 'int32', [1]),
  };
}

/** GroupQueryAttention rotates whole vectors of 16 numbers; test suites have smaller heads. */
export function fitsGroupQuery(headDim: number): boolean {
  return headDim % 16 === 0;
}

/**
 * Declare `is_prefill`, `seqlens_k` and `total` (see CpuInputs) beside the two-part inputs. In a prefill the
 * cache inputs are empty (m = 0).
 */
export function declareCpuInputs(context: AttentionContext): CpuInputs {
  return {
    ...declareTwoPartInputs(context),
    isPrefill: context.graph.input('is_prefill', 'bool', [1]),
    ...declarePrefixInputs(context),
  };
}

/**
 * Attention of one layer over a whole prefix, where every position sees every other: the present outputs are then
 * exactly the new rows. Adds the outputs `new.N.k` and `new.N.v`.
 * @returns attended [b, s, heads * headDim].
 */
export function addPrefixAttention(
  context: AttentionContext,
  inputs: PrefixInputs,
  layer: number,
  qkv: string,
): string {
  const [attended, keys, values] = addGroupQuery(context, context.graph, inputs, qkv);
  outputNewRows(context, layer, keys, values);
  return attended;
}

/**
 * Attention of one layer on the CPU: an If between GroupQueryAttention (prefill: every position sees every
 * other) and the two-part attention (one token: 3 to 5 times cheaper there, because nothing of the cache is copied).
 * Head sizes that GroupQueryAttention cannot take have the two-part attention for both: with an empty cache it is the
 * plain form. Adds the outputs `new.N.k` and `new.N.v`.
 */
export function addCpuAttention(
  context: AttentionContext,
  inputs: CpuInputs,
  layer: number,
  qkv: string,
): string {
  const { graph, text } = context;
  const dims = cacheDims(context);
  const width = text.heads * text.headDim;
  if (!fitsGroupQuery(text.headDim)) return addPlainAttention(context, inputs, layer, qkv);

  const prefill = graph.branch();
  declareBranch(prefill, addGroupQuery(context, prefill, inputs, qkv) as [string, string, string]);

  const step = graph.branch();
  const parts = addTwoPartAttention(context, step, inputs, layer, qkv);
  declareBranch(step, [parts.attended, parts.newKeys, parts.newValues]);

  const [attended, keys, values] = graph.nodes(
    'If',
    [inputs.isPrefill],
    { then_branch: prefill, else_branch: step },
    { outputs: 3 },
  );
  outputNewRows(context, layer, keys, values);
  return attended;

  function declareBranch(
    branch: typeof prefill,
    [result, newKeys, newValues]: [string, string, string],
  ): void {
    branch.output(result, 'float32', ['b', 's', width], result);
    branch.output(newKeys, 'float32', dims, newKeys);
    branch.output(newValues, 'float32', dims, newValues);
  }
}

/** The two-part attention for prefixes and for tokens. Adds the outputs `new.N.k` and `new.N.v`. */
export function addPlainAttention(
  context: AttentionContext,
  inputs: PastInputs,
  layer: number,
  qkv: string,
): string {
  const { attended, newKeys, newValues } = addTwoPartAttention(context, context.graph, inputs, layer, qkv);
  outputNewRows(context, layer, newKeys, newValues);
  return attended;
}

const cacheDims = ({ text }: AttentionContext): Dimension[] => ['b', text.keyValueHeads, 's', text.headDim];

/** Add the outputs `new.N.k` and `new.N.v`. */
export function outputNewRows(context: AttentionContext, layer: number, keys: string, values: string): void {
  context.graph.output(`new.${layer}.k`, 'float32', cacheDims(context), keys);
  context.graph.output(`new.${layer}.v`, 'float32', cacheDims(context), values);
}

/** Attended values, keys and values of a prefix. */
function addGroupQuery(
  { text, cos, sin }: AttentionContext,
  graph: GraphBuilder,
  inputs: PrefixInputs,
  qkv: string,
): string[] {
  return graph.nodes(
    'GroupQueryAttention',
    [qkv, '', '', '', '', inputs.lastPositions, inputs.total, cos, sin],
    {
      num_heads: text.heads,
      kv_num_heads: text.keyValueHeads,
      do_rotary: 1,
      causal: 0,
      scale: { float: text.attentionScale },
      ...(text.attentionSoftCap === undefined ? {} : { softcap: { float: text.attentionSoftCap } }),
    },
    { domain: MICROSOFT, outputs: 3 },
  );
}
