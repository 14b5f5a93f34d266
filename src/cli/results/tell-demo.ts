import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureFolder } from '../../base/files/ensure-folder.js';
import { writeFileWhole } from '../../base/files/write-file-whole.js';
import { DEMO_MODEL } from '../../models/demo-model.js';
import { modelsFolder } from '../../models/models-folder.js';
import type { Engine } from '../../models/open-engine.js';

const DEMO_NOTE =
  'note: this was the demo model, which knows only drawings. For photographs: pali pull google/paligemma-3b-mix-448';

/**
 * Say once a day, after the results, that they are the demo model's. The day is kept in a small file beside the models;
 * where it cannot be written, nothing is said, rather than the same every time.
 */
export async function tellDemo(
  engine: Pick<Engine, 'load'>,
  now = new Date(),
  path = join(dirname(modelsFolder()), 'demo-note'),
): Promise<void> {
  if ((await engine.load()).model !== DEMO_MODEL) return;
  const today = now.toISOString().slice(0, 'YYYY-MM-DD'.length);
  if ((await readFile(path, 'utf8').catch(() => '')).trim() === today) return;
  try {
    await ensureFolder(dirname(path));
    await writeFileWhole(path, `${today}\n`);
  } catch {
    return;
  }
  process.stderr.write(`${DEMO_NOTE}\n`);
}
