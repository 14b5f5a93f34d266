import type { PixelScaling } from '../checkpoint/read-preprocessor.js';

/**
 * The patch convolution that gives for pixels of -1 to 1 what the checkpoint's gives for its own pixels: the
 * preprocessing is affine by channel and the convolution has no padding, so that it goes into weights and bias.
 *
 * @param weight [width, 3, patch, patch], @param bias [width]; both are left as they are.
 */
export function foldPixelScaling(
  weight: Float32Array,
  bias: Float32Array,
  { scale, shift }: PixelScaling,
): { weight: Float32Array; bias: Float32Array } {
  const area = weight.length / bias.length / 3;
  const folded = { weight: new Float32Array(weight.length), bias: new Float32Array(bias.length) };
  for (let row = 0, at = 0; row < bias.length; row++) {
    let moved = bias[row];
    for (let channel = 0; channel < 3; channel++) {
      for (let i = 0; i < area; i++, at++) {
        folded.weight[at] = weight[at] * scale[channel];
        moved += weight[at] * shift[channel];
      }
    }
    folded.bias[row] = moved;
  }
  return folded;
}
