import type { Dtype } from '../base/dtype.js';
import { estimateConvertedBytes, estimateTokenBytes } from '../weights/convert/estimate-size.js';
import type { CheckpointConfig } from '../weights/checkpoint/read-config.js';
import type { Measurement } from './measure-model.js';

/** Layers may be read this much faster than the head with them, from which most of the few layers' time comes. */
const BEST_READING = 1.15;

/** What a model of so many layers took. */
export interface MeasuredLayers extends Measurement {
  readonly layers: number;
}

/** The same sizes with so many layers in both towers. */
export function withLayers(config: CheckpointConfig, layers: number): CheckpointConfig {
  return { ...config, vision: { ...config.vision, layers }, text: { ...config.text, layers } };
}

/**
 * What all layers would take, from what few and more of them took: each further layer takes as long as each of those
 * between the two. A token reads all weights of the decoder, and is never said to be quicker than the memory was.
 */
export function extendMeasurement(
  whole: CheckpointConfig,
  dtype: Dtype,
  few: MeasuredLayers,
  more: MeasuredLayers,
): Measurement {
  const extend = (a: number, b: number, layers: number): number =>
    b + (Math.max(0, b - a) * (layers - more.layers)) / (more.layers - few.layers);
  const bytesOf = (layers: number): number => estimateConvertedBytes(withLayers(whole, layers), dtype);
  const wholeBytes = estimateConvertedBytes(whole, dtype);
  const tokenBytesOf = (layers: number): number => estimateTokenBytes(withLayers(whole, layers), dtype);
  const bytesPerMs = Math.max(
    tokenBytesOf(few.layers) / few.tokenMs,
    tokenBytesOf(more.layers) / more.tokenMs,
  );
  const fastestTokenMs = tokenBytesOf(whole.text.layers) / (bytesPerMs * BEST_READING);
  // A load has parts of fixed length, such as the tokenizer; the rest goes with the bytes.
  const loadMsPerByte = Math.max(0, more.loadMs - few.loadMs) / (bytesOf(more.layers) - bytesOf(few.layers));
  return {
    loadMs: more.loadMs + loadMsPerByte * (wholeBytes - bytesOf(more.layers)),
    visionMs: extend(few.visionMs, more.visionMs, whole.vision.layers),
    prefillMs: extend(few.prefillMs, more.prefillMs, whole.text.layers),
    tokenMs: Math.max(extend(few.tokenMs, more.tokenMs, whole.text.layers), fastestTokenMs),
    peakBytes: more.peakBytes + wholeBytes - bytesOf(more.layers),
  };
}
