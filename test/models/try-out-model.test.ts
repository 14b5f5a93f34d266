import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { parseManifest, readManifest } from '../../src/base/model-manifest.js';
import { loadTriedModel } from '../../src/engine/model/record-probe.js';
import { tryOutModel } from '../../src/models/try-out-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { convertFixture } from '../support/reference/convert-fixture.js';

const folder = temporaryFolder();
const fresh = join(folder, 'fresh');
let copies = 0;

beforeAll(async () => {
  await convertFixture(fixturePath('checkpoints', 'pg1-tiny'), fresh, 'int4');
});

function copy(): string {
  const target = join(folder, `copy-${copies++}`);
  cpSync(fresh, target, { recursive: true });
  return target;
}

it('records numbers for other devices where there is memory', async () => {
  const model = copy();
  expect(await tryOutModel(model, undefined, 1e9)).toBeUndefined();
  expect((await readManifest(model)).probe).toBeDefined();
});

it('leaves it to the first run on the CPU where there is not', async () => {
  const model = copy();
  expect(await tryOutModel(model, undefined, 1000)).toMatch(
    /takes about 0\.0 GB of memory, and 0\.0 GB are free/,
  );
  expect((await parseManifest(model)).probe).toBeUndefined();
  const files = readdirSync(model);
  const first = await loadTriedModel({ modelFolder: model, device: 'cpu', threads: 1 });
  await first.model.close();
  const { probe } = await parseManifest(model);
  expect(probe).toBeDefined();
  const second = await loadTriedModel({ modelFolder: model, device: 'cpu', threads: 1 });
  await second.model.close();
  expect((await parseManifest(model)).probe).toEqual(probe);
  // What was read is remembered, and nothing else is left.
  expect(readdirSync(model)).toEqual([...files, 'checked.json'].sort());
});

it.skipIf(process.getuid?.() === 0)('runs a model whose folder cannot be written', async () => {
  const model = copy();
  chmodSync(model, 0o500);
  const { model: loaded } = await loadTriedModel({ modelFolder: model, device: 'cpu', threads: 1 });
  await loaded.close();
  expect((await parseManifest(model)).probe).toBeUndefined();
  chmodSync(model, 0o700);
});
