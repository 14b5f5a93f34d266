import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { PICTURE, startTestServer } from './start-test-server.js';

it('looks for models in its store only, never for folders of its disk', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'checkpoint'));
  writeFileSync(join(folder, 'checkpoint', 'config.json'), '{}');
  const { url, models } = await startTestServer({
    findModel: undefined,
    defaultModel: 'demo',
    store: join(folder, 'models'),
  });
  for (const name of ['src', join(folder, 'checkpoint'), '../models', './src', 'a/b', '', '.']) {
    const body = JSON.stringify({ image: PICTURE, prompt: 'x', model: name || ' ' });
    const response = await fetch(`${url}/v1/tasks/ask`, { method: 'POST', body });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'model_not_found' } });
  }
  expect(models.list()).toEqual([]);
});
