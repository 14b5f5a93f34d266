import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../src/base/task-result.js';
import { writeImage } from '../../../src/image/draw/encode-image.js';
import { createVocWriter } from '../../../src/render/formats/voc.js';
import { detectionOf } from '../../support/masks.js';
import { detectResult } from '../../support/results.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const PYTHON = process.env['PALI_TEST_PYTHON'] ?? 'python3';
const hasReader = spawnSync(PYTHON, ['-c', 'import supervision']).status === 0;

const image = { width: 200, height: 100 };
const found: TaskResult = {
  ...detectResult,
  image,
  detections: [
    detectionOf('a <b> & "c"', { x0: 0, y0: 25.2, x1: 50, y1: 100 }),
    detectionOf('cat', { x0: 10, y0: 10, x1: 210, y1: 20 }),
  ],
};
const open = (folder: string): ReturnType<typeof createVocWriter> =>
  createVocWriter({ folder, things: [], inputFolders: [] });

describe('voc format', () => {
  it('writes whole pixels from 1, inside the picture, and no markup of labels', async () => {
    const folder = temporaryFolder();
    const path = await (await open(folder)).write({ ...found, input: 'set/street & co.jpg' });
    expect(path).toBe(join(folder, 'street & co.xml'));
    const text = readFileSync(path!, 'utf8');
    expect(text).toContain('<folder>set</folder>\n  <filename>street &amp; co.jpg</filename>');
    expect(text).toContain('<name>a &lt;b&gt; &amp; &quot;c&quot;</name>');
    expect(text).toContain('<xmin>1</xmin><ymin>26</ymin><xmax>50</xmax><ymax>100</ymax>');
    expect(text).toContain('<xmin>11</xmin><ymin>11</ymin><xmax>200</xmax><ymax>20</ymax>');
  });

  it('gives no picture the file of another', async () => {
    const writer = await open(temporaryFolder());
    await writer.write({ ...found, input: '1.jpg' });
    await expect(writer.write({ ...found, input: '1.png' })).rejects.toMatchObject({ code: 'LABELS_SHARED' });
  });

  it.skipIf(!hasReader)(`is read by supervision${hasReader ? '' : `, which ${PYTHON} has not`}`, async () => {
    const folder = temporaryFolder();
    const input = join(folder, 'street.png');
    await writeImage({ ...image, data: new Uint8Array(60_000) }, input);
    await (await open(folder)).write({ ...found, input });
    const script = `
import json, sys, supervision as sv
found = sv.DetectionDataset.from_pascal_voc(sys.argv[1], sys.argv[1])
[(_, _, boxes)] = list(found)
print(json.dumps([[found.classes[n] for n in boxes.class_id], boxes.xyxy.tolist()]))
`;
    const read = JSON.parse(execFileSync(PYTHON, ['-c', script, folder], { encoding: 'utf8' })) as [
      string[],
      number[][],
    ];
    expect(read[0]).toEqual(['a <b> & "c"', 'cat']);
    expect(read[1][0].map(Math.round)).toEqual([0, 25, 50, 100]);
  });
});
