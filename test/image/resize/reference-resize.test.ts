import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { normalizePixels } from '../../../src/image/resize/normalize-pixels.js';
import { toModelPixels } from '../../../src/image/resize/to-model-pixels.js';

/** The goldens name files relative to fixtures/reference; its README.md explains them. */
function referenceFile(file: string): string {
  return join(fixturePath('resize'), '..', file);
}

interface GoldenPicture {
  readonly file: string;
  readonly note: string;
  readonly width: number;
  readonly height: number;
  readonly decoded_rgb_sha256: string;
  readonly out: readonly {
    readonly side: number;
    readonly resized_u8_sha256: string;
    readonly pixel_values_sha256: string;
    readonly first8: readonly number[];
  }[];
}

interface GoldenPrompt {
  readonly images: readonly string[];
  readonly pixel_values: readonly {
    readonly shape: readonly number[];
    readonly sha256: string;
    readonly resized_u8_sha256: string;
  }[];
}

function readLines<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

function sha256(data: Uint8Array | Float32Array): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

const pictures = readLines<GoldenPicture>(fixturePath('resize', 'golden.jsonl'));

describe.each(pictures)('$file ($note)', (golden) => {
  it('decodes to the pixels of Pillow', async () => {
    const image = await decodeImage(referenceFile(golden.file));
    expect([image.width, image.height]).toEqual([golden.width, golden.height]);
    // True of the JPEG files too: the decoder is the one that Pillow has, and it computes in integers.
    expect(sha256(image.data)).toBe(golden.decoded_rgb_sha256);
  });

  it.each(golden.out)('is the reference, bit for bit, at $side px', async (out) => {
    const image = await decodeImage(referenceFile(golden.file));
    const pixels = toModelPixels(image, out.side);
    expect(pixels.side).toBe(out.side);
    expect(sha256(pixels.data)).toBe(out.resized_u8_sha256);
    const values = normalizePixels(pixels);
    expect(Array.from(values.subarray(0, 8))).toEqual(out.first8.map(Math.fround));
    expect(sha256(values)).toBe(out.pixel_values_sha256);
  });
});

it.each(['pg1-tiny', 'pg1-bf16-sharded', 'pg2-tiny', 'pg1-multi'])(
  'gives the pixel values that transformers fed to %s',
  async (name) => {
    let compared = 0;
    for (const prompt of readLines<GoldenPrompt>(fixturePath('referenceGolden', `${name}/golden.jsonl`))) {
      for (const [index, file] of prompt.images.entries()) {
        const golden = prompt.pixel_values[index];
        const image = await decodeImage(referenceFile(file));
        const pixels = toModelPixels(image, golden.shape[1]);
        expect(sha256(pixels.data)).toBe(golden.resized_u8_sha256);
        expect(sha256(normalizePixels(pixels))).toBe(golden.sha256);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  },
);
