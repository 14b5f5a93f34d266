import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeImage } from '../../../src/image/draw/encode-image.js';
import { createYoloWriter } from '../../../src/render/formats/yolo.js';
import { detectionOf } from '../../support/masks.js';
import { detectResult } from '../../support/results.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A Python that has supervision. */
const PYTHON = process.env['PALI_TEST_PYTHON'] ?? 'python3';
const hasReader = spawnSync(PYTHON, ['-c', 'import supervision']).status === 0;
const title = hasReader ? 'yolo format, read by supervision' : `yolo format: ${PYTHON} has no supervision`;

const READ = `
import json, sys
from pathlib import Path
import supervision as sv
root = Path(sys.argv[1])
rows = []
for side in ("train", "val"):
    found = sv.DetectionDataset.from_yolo(str(root / "images" / side), str(root / "labels" / side), str(root / "data.yaml"))
    for path, _, boxes in found:
        for box, number in zip(boxes.xyxy.tolist(), boxes.class_id.tolist()):
            rows.append([Path(path).name, found.classes[number], box])
print(json.dumps(sorted(rows)))
`;

describe.skipIf(!hasReader)(title, () => {
  it('loads a divided data set as it is', async () => {
    const folder = temporaryFolder();
    const names = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png', 'f.png'];
    const bytes = await encodeImage({ width: 200, height: 100, data: new Uint8Array(60_000) }, 'png');
    const place = { folder: join(folder, 'set'), things: ['cat', 'dog'], inputFolders: [folder], split: 0.5 };
    const writer = await createYoloWriter(place);
    for (const [index, name] of names.entries()) {
      writeFileSync(join(folder, name), bytes);
      const detections = [detectionOf('dog', { x0: 10 * index, y0: 20, x1: 100, y1: 90 })];
      const image = { width: 200, height: 100 };
      await writer.write({ ...detectResult, input: join(folder, name), image, detections });
    }
    const read = execFileSync(PYTHON, ['-c', READ, place.folder], { encoding: 'utf8' });
    const rows = JSON.parse(read) as [string, string, number[]][];
    expect(rows.map(([name, label]) => [name, label])).toEqual(names.map((name) => [name, 'dog']));
    for (const [index, [, , box]] of rows.entries()) {
      for (const [side, value] of [10 * index, 20, 100, 90].entries())
        expect(box[side]).toBeCloseTo(value, 1);
    }
  });
});
