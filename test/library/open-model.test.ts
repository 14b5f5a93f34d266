import { afterEach, expect, it, vi } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { openModel, type OpenModelOptions } from '../../src/library/pali.js';
import { startTestServer } from '../serve/start-test-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const home = temporaryFolder();
const picture = fixturePath('golden', 'p00_png_224x224.png');
afterEach(() => vi.unstubAllEnvs());

it('asks the servers that are named', async () => {
  vi.stubEnv('PALI_HOME', home);
  vi.stubEnv('PALI_API_KEY', 'secret');
  const [one, other] = [
    await startTestServer({ apiKey: 'secret' }),
    await startTestServer({ apiKey: 'secret' }),
  ];
  const model = await openModel({ model: 'one', servers: [one.url, other.url] });
  expect(model.info).toMatchObject({ name: 'one', dtype: 'fp32' });
  // The engine of the test's servers repeats the prompt.
  const texts = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => (await model.answer(`${i}?`, picture)).text),
  );
  expect(texts).toEqual(texts.map((_, i) => `answer en ${i}?`));
  await model.close();
});

it.each<[OpenModelOptions, string]>([
  [{ model: 'paligemma-9b' }, 'MODEL_MISSING'],
  [{ device: 'tpu' as 'cpu' }, 'OPTION_VALUE'],
  [{ modle: 'demo' } as OpenModelOptions, 'OPTION_UNKNOWN'],
  [{ servers: ['ftp://gpu1'] }, 'OPTION_VALUE'],
  [{ queue: 'ftp://gpu1' }, 'OPTION_VALUE'],
  [{ queue: 'redis://gpu1', servers: ['gpu1'] }, 'OPTION_VALUE'],
  [{ queue: 'redis://gpu1', device: 'cpu' }, 'OPTION_VALUE'],
  [{ signal: AbortSignal.abort() }, 'CANCELLED'],
])('refuses %j with a code', async (options, code) => {
  vi.stubEnv('PALI_HOME', home);
  await expect(openModel(options)).rejects.toMatchObject({ code });
});
