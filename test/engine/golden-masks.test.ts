import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { loadModel } from '../../src/engine/model/load-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { convertFixture } from '../support/reference/convert-fixture.js';

const folder = temporaryFolder();
const SIDE = 64;
/** The golden masks are stored in float16: 2^-11 of values about 1, and some for the sums in between. */
const TOLERANCE = 0.002;

interface SegmentPrompt {
  readonly output: string;
  readonly masks?: readonly string[];
}

/** float16 to a number; the golden masks have neither infinities nor NaN. */
function halfToNumber(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits >> 15 ? -size : size;
}

function readGoldenMask(file: string): number[] {
  const bytes = readFileSync(fixturePath('golden', file));
  const start = bytes.length - SIDE * SIDE * 2;
  return Array.from({ length: SIDE * SIDE }, (_, i) => halfToNumber(bytes.readUInt16LE(start + 2 * i)));
}

it('decodes the masks of the golden answers', async () => {
  const prompts = readFileSync(fixturePath('golden', 'golden.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { prompts: SegmentPrompt[] }).prompts)
    .filter(({ masks }) => masks && masks.length > 0);
  const files = prompts.flatMap(({ masks }) => masks!);
  const codes = prompts.flatMap(({ output }) =>
    [...output.matchAll(/(?:<seg\d{3}>){16}/g)].map(([run]) =>
      [...run.matchAll(/\d{3}/g)].map(([digits]) => Number(digits)),
    ),
  );
  expect(codes.length).toBe(files.length);

  const modelFolder = join(folder, 'demo');
  await convertFixture(fixturePath('demo'), modelFolder, 'fp32');
  const { model } = await loadModel({ modelFolder, device: 'cpu', threads: 2 });
  const masks = await model.decodeMasks!(codes);
  await model.close();
  files.forEach((file, at) => {
    const expected = readGoldenMask(file);
    const worst = masks[at].reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
    expect(worst, file).toBeLessThan(TOLERANCE);
  });
});
