import { LOC_TOKENS, type ModelSpec, SEG_TOKENS } from '../../base/model-spec.js';
import { LinearAdder } from './add-linear.js';
import { addSoftCap } from './decoder-attention.js';
import { GraphBuilder } from './graph-builder.js';
import { addRankedLogits } from './ranked-head.js';
import type { StoredLinear } from './store-linear.js';
import type { StoredWeight } from './weight-file.js';

/**
 * The output head: a linear, for the CPU with a rough copy that says which of its rows matter; or dense rows
 * [vocabulary, width] (the embedding table itself).
 */
export type StoredHead =
  { readonly blocks: StoredLinear; readonly ranking?: StoredLinear } | { readonly rows: StoredWeight };

/** Alternatives that a step reports: enough for 20 --logprobs, top-p sampling and every grammar. */
const TOP_COUNT = 64;
/** Rows of the location and segmentation tokens, which follow one another. */
const SPECIAL_ROWS = LOC_TOKENS + SEG_TOKENS;

/**
 * The head as a graph of its own: `hidden` float32 [n, width] in; what addHead gives out. It is apart from the decoder
 * so that a run whose logits nobody needs does not read it, and two decoders share it.
 */
export function buildHeadGraph(spec: ModelSpec, head: StoredHead): Uint8Array {
  const graph = new GraphBuilder();
  const hidden = graph.input('hidden', 'float32', ['n', spec.text.hiddenSize]);
  const linears = new LinearAdder(graph, 'float32');
  if ('ranking' in head && head.ranking !== undefined) {
    const { blocks, ranking } = head;
    addRankedHead(graph, spec, { blocks, ranking }, linears, hidden);
  } else {
    addHead(graph, spec, head, linears, hidden);
  }
  return graph.toModel();
}

/**
 * The head's rows of location and segmentation tokens alone, 0.5 % of it, for where a grammar allows nothing else:
 * `hidden` float32 [n, width] in, `loc_seg_logits` float32 [n, 1152] out.
 * @returns undefined where the head's rows do not lie one after the other.
 */
export function buildLocSegGraph(spec: ModelSpec, head: StoredHead): Uint8Array | undefined {
  const part = cutRows(head, spec.tokens.firstLoc, SPECIAL_ROWS);
  if (part === undefined) return undefined;
  const graph = new GraphBuilder();
  const hidden = graph.input('hidden', 'float32', ['n', spec.text.hiddenSize]);
  const logits = addCap(graph, spec, addLogits(new LinearAdder(graph, 'float32'), hidden, part));
  graph.output('loc_seg_logits', 'float32', ['n', SPECIAL_ROWS], logits);
  return graph.toModel();
}

/**
 * From the normed hidden states x [n, width] to `top_ids` int64 and `top_values` float32 [n, 64], `lse` float32 [n]
 * and `loc_seg_logits` float32 [n, 1152].
 */
export function addHead(
  graph: GraphBuilder,
  spec: ModelSpec,
  head: StoredHead,
  linears: LinearAdder,
  x: string,
): void {
  const logits = addCap(graph, spec, addLogits(linears, x, head));
  addTop(graph, logits, (places) => places);
  addLogSumExp(graph, logits);
  const { firstLoc } = spec.tokens;
  const slice = graph.node('Slice', [
    logits,
    graph.ints([firstLoc]),
    graph.ints([firstLoc + SPECIAL_ROWS]),
    graph.ints([1]),
  ]);
  graph.output('loc_seg_logits', 'float32', ['n', SPECIAL_ROWS], slice);
}

/** The same outputs from a head with a ranking; those of location and segmentation tokens come from all of its bits. */
function addRankedHead(
  graph: GraphBuilder,
  spec: ModelSpec,
  { blocks, ranking }: { readonly blocks: StoredLinear; readonly ranking: StoredLinear },
  linears: LinearAdder,
  x: string,
): void {
  const { logits, ids, values } = addRankedLogits(graph, linears, x, ranking, blocks, TOP_COUNT);
  addTop(graph, addCap(graph, spec, values), (places) =>
    graph.node('GatherElements', [ids, places], { axis: 1 }),
  );
  addLogSumExp(graph, addCap(graph, spec, logits));
  const part = cutRows({ blocks }, spec.tokens.firstLoc, SPECIAL_ROWS)!;
  const locSeg = addCap(graph, spec, addLogits(linears, x, part));
  graph.output('loc_seg_logits', 'float32', ['n', SPECIAL_ROWS], locSeg);
}

/** @param idsOf what the places among these logits mean. */
function addTop(graph: GraphBuilder, logits: string, idsOf: (places: string) => string): void {
  const [values, places] = graph.nodes(
    'TopK',
    [logits, graph.ints([TOP_COUNT])],
    { axis: -1 },
    { outputs: 2 },
  );
  graph.output('top_values', 'float32', ['n', TOP_COUNT], values);
  graph.output('top_ids', 'int64', ['n', TOP_COUNT], idsOf(places));
}

function addLogSumExp(graph: GraphBuilder, logits: string): void {
  const lse = graph.node('ReduceLogSumExp', [logits, graph.ints([-1])], { keepdims: 0 });
  graph.output('lse', 'float32', ['n'], lse);
}

function addLogits(linears: LinearAdder, x: string, head: StoredHead): string {
  return 'blocks' in head ? linears.add(x, head.blocks) : linears.addRows(x, head.rows);
}

function addCap(graph: GraphBuilder, { text }: ModelSpec, logits: string): string {
  return text.logitSoftCap === undefined
    ? logits
    : addSoftCap(graph, logits, graph.floats([text.logitSoftCap]));
}

/** Some rows of the head as weights of their own in the same place of the same file. */
function cutRows(head: StoredHead, first: number, count: number): StoredHead | undefined {
  if ('rows' in head) return { rows: cutWeight(head.rows, first, count) };
  const { format, weight, scales } = head.blocks;
  if ((format !== 'q4' && format !== 'q8') || scales === undefined) return undefined;
  return {
    blocks: {
      ...head.blocks,
      outputs: count,
      weight: cutWeight(weight, first, count),
      scales: cutWeight(scales, first, count),
    },
  };
}

function cutWeight(weight: StoredWeight, first: number, count: number): StoredWeight {
  const rowBytes = weight.sizeBytes / weight.dims[0];
  return {
    ...weight,
    name: `${weight.name}.${first}`,
    dims: [count, ...weight.dims.slice(1)],
    offsetBytes: weight.offsetBytes + first * rowBytes,
    sizeBytes: count * rowBytes,
  };
}
