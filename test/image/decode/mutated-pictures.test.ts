import { memoryUsage, stdout } from 'node:process';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';

/** Set PALI_FUZZ_RUNS=10000 for a long search; unset, it takes some ten seconds (an SVG is drawn in a process of its own). */
const RUNS = Number(process.env['PALI_FUZZ_RUNS'] ?? 240);
/** Longer than any picture that the pixel limit lets through takes; what is not done by then hangs. */
const HANG_MS = 120_000;
const TIMEOUT_MS = HANG_MS + RUNS * 100;
/**
 * What the memory may grow by from the second quarter of a long search to the last: less than 40 KiB a run would
 * leave behind. The largest picture decoded is given back later, so middles are compared.
 */
const MAX_GROWTH_MIB = 200;
const LONG_SEARCH_RUNS = 8000;

function drawing(width: number, height: number): Sharp {
  const pixel = (_: unknown, i: number): number => (i * 37 + ((i / width) | 0) * 11) % 256;
  return sharp(Uint8Array.from({ length: width * height * 3 }, pixel), {
    raw: { width, height, channels: 3 },
  });
}

const svg = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30" viewBox="0 0 40 30">
<defs><filter id="f"><feGaussianBlur stdDeviation="2"/></filter><g id="g"><circle r="5" fill="#f00"/></g></defs>
<use xlink:href="#g" x="10" y="10"/><rect width="20" height="9" filter="url(#f)"/><text y="20" font-size="9">&b;</text>
<path d="M0 0L40 30" stroke-dasharray="3 1" stroke="#00f"/></svg>`;

/** Every format that is read, in the forms that take other ways through the libraries. */
async function encodeAll(): Promise<Record<string, Uint8Array>> {
  const picture = drawing(48, 32);
  const frames = sharp(new Uint8Array(16 * 48 * 3).fill(90), {
    raw: { width: 16, height: 48, channels: 3, pageHeight: 16 },
  });
  const avif = await picture.clone().avif({ effort: 0 }).toBuffer();
  const heic = Buffer.from(avif);
  heic.write('heic', 8, 'latin1');
  return {
    jpeg: await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'progressive JPEG': await picture.clone().jpeg({ progressive: true }).toBuffer(),
    'CMYK JPEG': await picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
    png: await picture.clone().png().toBuffer(),
    'interlaced PNG': await picture.clone().png({ progressive: true, palette: true }).toBuffer(),
    '16-bit PNG': await picture.clone().toColourspace('rgb16').ensureAlpha(0.5).png().toBuffer(),
    webp: await picture.clone().webp().toBuffer(),
    'lossless WebP': await picture.clone().ensureAlpha(0.5).webp({ lossless: true }).toBuffer(),
    'animated WebP': await frames.clone().webp().toBuffer(),
    gif: await picture.clone().gif().toBuffer(),
    'animated GIF': await frames.clone().gif().toBuffer(),
    tiff: await picture.clone().tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer(),
    'TIFF of JPEG tiles': await picture.clone().tiff({ compression: 'jpeg', tile: true }).toBuffer(),
    'TIFF of bits': await picture.clone().toColourspace('b-w').tiff({ bitdepth: 1 }).toBuffer(),
    avif,
    heic,
    svg: Buffer.from(svg),
  };
}

type Change = (bytes: Uint8Array, other: Uint8Array) => Uint8Array;

/** A place in the file; half of them near its beginning, where the headers are. */
const place = fc.oneof(fc.nat(200), fc.nat());
const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(([at, value]): Change => (bytes) => {
    return bytes.length === 0 ? bytes : bytes.with(at % bytes.length, value);
  }),
  // Sizes and offsets are 16 or 32 bits of either order: their limits are where readers go wrong.
  fc
    .tuple(place, fc.constantFrom(0, 1, 0x7f, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0xffffffff))
    .chain(([at, value]) => fc.boolean().map((isLittle) => ({ at, value, isLittle })))
    .map(({ at, value, isLittle }): Change => (bytes) => {
      const changed = Uint8Array.from(bytes);
      if (changed.length < 4) return changed;
      new DataView(changed.buffer).setUint32(at % (changed.length - 3), value, isLittle);
      return changed;
    }),
  place.map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, at % (bytes.length + 1)),
  ),
  fc.tuple(place, fc.nat(64)).map(([at, count]): Change => (bytes) => {
    const from = at % (bytes.length + 1);
    return join(bytes.subarray(0, from), bytes.subarray(from + count));
  }),
  fc.tuple(place, fc.uint8Array({ maxLength: 64 })).map(([at, added]): Change => (bytes) => {
    const from = at % (bytes.length + 1);
    return join(bytes.subarray(0, from), added, bytes.subarray(from));
  }),
  fc
    .tuple(place, fc.nat(200), fc.integer({ min: 2, max: 200 }))
    .map(([at, count, times]): Change => (bytes) => {
      const from = at % (bytes.length + 1);
      const piece = bytes.subarray(from, from + count);
      return join(
        bytes.subarray(0, from),
        ...Array.from({ length: times }, () => piece),
        bytes.subarray(from),
      );
    }),
  // Numbers that are written out, as in SVG.
  fc.constantFrom('-1', '0', '1e9', '99999', '1e-9', 'NaN', '100%').map((number): Change => (bytes) => {
    const text = Buffer.from(bytes).toString('latin1');
    return Buffer.from(
      text.replace(/\d+/g, (found) => (found.length === 2 ? number : found)),
      'latin1',
    );
  }),
  place.map((at): Change => (bytes, other) => {
    const from = at % (bytes.length + 1);
    return join(bytes.subarray(0, from), other.subarray(from));
  }),
);

const rssMiB = (): number => memoryUsage.rss() / 2 ** 20;

describe('mutated pictures', () => {
  it(
    'give a picture or an InputError, soon, and leave no memory behind',
    { timeout: TIMEOUT_MS },
    async () => {
      const all = await encodeAll();
      const names = Object.keys(all);
      const outcomes = new Map<string, number>();
      let runs = 0;
      const memoryMiB: number[] = [];
      const decode = async (bytes: Uint8Array): Promise<string> => {
        let timer: NodeJS.Timeout | undefined;
        const hang = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('It hangs.')), HANG_MS);
        });
        try {
          const image = await Promise.race([decodeImage(bytes), hang]);
          expect(image.data.length).toBe(image.width * image.height * 3);
          return 'picture';
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.message).not.toMatch(/\p{Cc}/u);
          return error.code;
        } finally {
          clearTimeout(timer);
        }
      };
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...names),
          fc.constantFrom(...names),
          fc.array(change, { minLength: 1, maxLength: 5 }),
          async (name, otherName, changes) => {
            const broken = changes.reduce((bytes, apply) => apply(bytes, all[otherName]), all[name]);
            const outcome = await decode(broken);
            outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
            if (++runs % 1000 === 0) memoryMiB.push(Math.round(rssMiB()));
          },
        ),
        { numRuns: RUNS },
      );
      // Both kinds of end were reached.
      expect([...outcomes.keys()]).toEqual(
        expect.arrayContaining(['picture', 'IMAGE_DAMAGED', 'IMAGE_UNKNOWN_FORMAT']),
      );
      if (RUNS < LONG_SEARCH_RUNS) return;
      stdout.write(
        `outcomes ${JSON.stringify(Object.fromEntries(outcomes))}; MiB after each 1000: ${memoryMiB.join(' ')}\n`,
      );
      const middleOf = (from: number, to: number): number => {
        const part = memoryMiB.slice(memoryMiB.length * from, memoryMiB.length * to).sort((a, b) => a - b);
        return part[Math.floor(part.length / 2)];
      };
      expect(middleOf(0.75, 1) - middleOf(0.25, 0.5)).toBeLessThan(MAX_GROWTH_MIB);
    },
  );
});
