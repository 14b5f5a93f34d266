import type { CheckpointConfig } from './read-config.js';

/** Decoders of Google's checkpoints, from their config.json files. */
const texts = {
  'paligemma-3b': {
    family: 'paligemma',
    width: 2048,
    wide: 16_384,
    layers: 18,
    heads: 8,
    keyValueHeads: 1,
    headDim: 256,
  },
  'paligemma2-3b': {
    family: 'paligemma2',
    width: 2304,
    wide: 9216,
    layers: 26,
    heads: 8,
    keyValueHeads: 4,
    headDim: 256,
  },
  'paligemma2-10b': {
    family: 'paligemma2',
    width: 3584,
    wide: 14_336,
    layers: 42,
    heads: 16,
    keyValueHeads: 8,
    headDim: 256,
  },
  'paligemma2-28b': {
    family: 'paligemma2',
    width: 4608,
    wide: 36_864,
    layers: 46,
    heads: 32,
    keyValueHeads: 16,
    headDim: 128,
  },
} as const;

const sides = [224, 448, 896] as const;

/** Names of the sizes that exist, such as `paligemma-3b-448`. */
export const knownSizeNames: readonly string[] = Object.keys(texts).flatMap((text) =>
  sides.map((side) => `${text}-${side}`),
);

/** The sizes of one of Google's checkpoints; undefined for a name that is not in knownSizeNames. */
export function findKnownSizes(name: string): CheckpointConfig | undefined {
  const [, textName, side] = /^(.*)-(\d+)$/.exec(name) ?? [];
  const text = Object.entries(texts).find(([key]) => key === textName)?.[1];
  if (text === undefined || !sides.some((known) => known === Number(side))) return undefined;
  const isSecond = text.family === 'paligemma2';
  return {
    family: text.family,
    isHeadTied: true,
    vision: {
      imageSize: Number(side),
      patchSize: 14,
      hiddenSize: 1152,
      intermediateSize: 4304,
      layers: 27,
      heads: 16,
      layerNormEps: 1e-6,
    },
    text: {
      hiddenSize: text.width,
      intermediateSize: text.wide,
      layers: text.layers,
      heads: text.heads,
      keyValueHeads: text.keyValueHeads,
      headDim: text.headDim,
      rmsNormEps: 1e-6,
      ropeTheta: 10_000,
      vocabSize: 257_216,
      // The 28B scales by width over heads (144), the others by the size of a head.
      attentionScale: (textName === 'paligemma2-28b' ? 144 : text.headDim) ** -0.5,
      ...(isSecond && { attentionSoftCap: 50, logitSoftCap: 30, slidingWindow: 4096 }),
    },
  };
}
