import { CODES_PER_MASK } from '../../base/model-spec.js';
import { GraphBuilder } from './graph-builder.js';
import type { StoredWeight } from './weight-file.js';

/** Side of the grid of codes, and of the mask that they become. */
const CODE_SIDE = 4;
const MASK_SIDE = 64;

/** The weights of the mask decoder under their names in the .npz (see paligemma's vae-oid.npz). */
export type StoredMaskWeights = ReadonlyMap<string, StoredWeight>;

/** The arrays that make up the mask decoder; `encoder.*` beside them is not needed. */
export const maskArrayNames: readonly string[] = [
  '_vq_vae._embedding',
  ...[
    '0',
    '2.net.0',
    '2.net.2',
    '2.net.4',
    '3.net.0',
    '3.net.2',
    '3.net.4',
    '4',
    '6',
    '8',
    '10',
    '12',
  ].flatMap((part) => [`decoder.${part}.weight`, `decoder.${part}.bias`]),
];

/**
 * The mask decoder as an ONNX model. In: `codes` int64 [n, 16], each 0..127. Out: `mask` float32 [n, 64, 64] in
 * about [-1, 1]. Sizes come from the arrays' shapes: the demo's decoder is narrower than Google's.
 */
export function buildMaskGraph(weights: StoredMaskWeights): Uint8Array {
  const graph = new GraphBuilder();
  const weight = (name: string): string => graph.weight(weights.get(name)!);
  const convolve = (
    x: string,
    part: string,
    type: 'Conv' | 'ConvTranspose',
    pad: number,
    stride: number,
  ): string => {
    const kernel = weights.get(`decoder.${part}.weight`)!.dims.slice(2);
    return graph.node(type, [x, weight(`decoder.${part}.weight`), weight(`decoder.${part}.bias`)], {
      kernel_shape: kernel,
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
    });
  };
  const relu = (x: string): string => graph.node('Relu', [x]);

  const codes = graph.input('codes', 'int64', ['n', CODES_PER_MASK]);
  const vectors = graph.node('Gather', [weight('_vq_vae._embedding'), codes]);
  const width = weights.get('_vq_vae._embedding')!.dims[1];
  const grid = graph.node('Reshape', [vectors, graph.ints([0, CODE_SIDE, CODE_SIDE, width])]);
  let x = graph.node('Transpose', [grid], { perm: [0, 3, 1, 2] });

  x = relu(convolve(x, '0', 'Conv', 0, 1));
  for (const block of ['2', '3']) {
    const inner = relu(convolve(x, `${block}.net.0`, 'Conv', 1, 1));
    const outer = relu(convolve(inner, `${block}.net.2`, 'Conv', 1, 1));
    x = graph.node('Add', [x, convolve(outer, `${block}.net.4`, 'Conv', 0, 1)]);
  }
  for (const part of ['4', '6', '8', '10']) x = relu(convolve(x, part, 'ConvTranspose', 1, 2));
  x = convolve(x, '12', 'Conv', 0, 1);
  const mask = graph.node('Reshape', [x, graph.ints([0, MASK_SIDE, MASK_SIDE])]);
  graph.output('mask', 'float32', ['n', MASK_SIDE, MASK_SIDE], mask);
  return graph.toModel();
}
