import type { AttentionContext } from './decoder-attention.js';
import { MICROSOFT } from './graph-builder.js';
import { addTwoPartAttention, declareTwoPartInputs, type PastInputs } from './two-part-attention.js';

/** Inputs of the CPU form beside the cache. */
export interface CpuInputs extends PastInputs {
  /** bool [1]: the run holds the whole prefix. */
  readonly isPrefill: string;
  /** int32 [b]: length of the prefix - 1. */
  readonly lastPositions: string;
  /** int32 [1]: length of the prefix. */
  readonly total: string;
}

/**
 * Declare `is_prefill`, `seqlens_k` and `total` (see CpuInputs) beside the two-part inputs. In a prefill the
 * cache inputs are empty (m = 0); in a step each row brings one token.
 */
export function declareCpuInputs(context: AttentionContext): CpuInputs {
  const { graph } = context;
  return {
    ...declareTwoPartInputs(context),
    isPrefill: graph.input('is_prefill', 'bool', [1]),
    lastPositions: graph.input('seqlens_k', 'int32', ['b']),
    total: graph.input('total', 'int32', [1]),
  };
}

/** GroupQueryAttention rotates whole vectors of 16 numbers; test suites have smaller heads. */
function fitsGroupQuery(headDim: number): boolean {
  return headDim % 16 === 0;
}

/**
 * Attention of one layer on the CPU: an If between GroupQueryAttention (prefill: every position sees every
 * other, so its present outputs are exactly the new rows) and the two-part attention (one token: 3 to 5 times
 * cheaper there, because nothing of the cache is copied). Head sizes that GroupQueryAttention cannot take have the
 * two-part attention for both: with an empty cache it is the plain form. Adds the outputs `new.N.k` and `new.N.v`.
 */
export function addCpuAttention(
  context: AttentionContext,
  inputs: CpuInputs,
  layer: number,
  qkv: string,
): string {
  const { graph, text } = context;
  const dims = ['b', text.keyValueHeads, 's', text.headDim];
  const width = text.heads * text.headDim;
  if (!fitsGroupQuery(text.headDim)) {
    const { attended, newKeys, newValues } = addTwoPartAttention(context, graph, inputs, layer, qkv);
    graph.output(`new.${layer}.k`, 'float32', dims, newKeys);
    graph.output(`new.${layer}.v`, 'float32', dims, newValues);
    return attended;
  }

  const prefill = graph.branch();
  const outputs = prefill.nodes(
    'GroupQueryAttention',
    [qkv, '', '', '', '', inputs.lastPositions, inputs.total, context.cos, context.sin],
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
  declareBranch(prefill, outputs as [string, string, string]);

  const step = graph.branch();
  const parts = addTwoPartAttention(context, step, inputs, layer, qkv);
  declareBranch(step, [parts.attended, parts.newKeys, parts.newValues]);

  const [attended, keys, values] = graph.nodes(
    'If',
    [inputs.isPrefill],
    { then_branch: prefill, else_branch: step },
    { outputs: 3 },
  );
  graph.output(`new.${layer}.k`, 'float32', dims, keys);
  graph.output(`new.${layer}.v`, 'float32', dims, values);
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
