import type { Metadata } from 'sharp';
import { loadSharp } from '../load-sharp.js';

/** Values of more than 8 bits: where each kind of file has its white, and what libvips takes for white. */
const DEEP_WHITE = 65_535;
const WHITE = 255;
/** The largest values of cameras and scanners that use a part of their 16 bits: 8, 10 and 12 bits. */
const PARTIAL_WHITES = [255, 1023, 4095];
/** Spaces whose values are what is shown; libvips converts others, such as XYZ, itself. */
const PLAIN_SPACES = new Set<string>(['b-w', 'grey16', 'rgb16', 'srgb', 'rgb', 'multiband']);
/** Shares of white may be a little above it. */
const MAX_SHARE = 2;

/**
 * What the values of a picture must be multiplied by, so that white is white: 12-bit values in a 16-bit file would be
 * nearly black, and shares from 0 to 1 entirely. Pictures of 8 bits, and those that use their 16, have 1.
 *
 * @throws what sharp says of a damaged file.
 */
export async function findLevelFactor(
  bytes: Uint8Array,
  { depth, space, hasAlpha = false }: Pick<Metadata, 'depth' | 'space' | 'hasAlpha'>,
  maxPixels: number,
): Promise<number> {
  if (depth === 'uchar' || depth === undefined || !PLAIN_SPACES.has(space ?? '')) return 1;
  const { channels } = await loadSharp()(bytes, { failOn: 'error', limitInputPixels: maxPixels }).stats();
  const colors = hasAlpha ? channels.slice(0, -1) : channels;
  const largest = Math.max(...colors.map(({ max }) => max));
  return factorOf(largest, depth);
}

function factorOf(largest: number, depth: string): number {
  if (!(largest > 0) || !Number.isFinite(largest)) return 1;
  const partial = PARTIAL_WHITES.find((white) => largest <= white);
  // libvips takes the upper 8 of 16 bits; of other kinds it takes values as they are.
  if (depth === 'ushort') return partial === undefined ? 1 : DEEP_WHITE / partial;
  if (largest <= MAX_SHARE) return WHITE;
  return WHITE / (partial ?? Math.max(DEEP_WHITE, largest));
}
