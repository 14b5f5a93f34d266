import { mkdirSync, statSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeToken, saveToken } from '../../src/hub/account.js';
import { authorize } from '../../src/hub/hub-client.js';
import { readHubSettings } from '../../src/hub/hub-settings.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

describe('readHubSettings', () => {
  it('finds the folders of the Hugging Face tools', async () => {
    const home = join(folder, 'nobody');
    expect(await readHubSettings({}, home)).toEqual({
      endpoint: 'https://huggingface.co',
      cacheFolder: join(home, '.cache', 'huggingface', 'hub'),
      tokenPath: join(home, '.cache', 'huggingface', 'token'),
      isOffline: false,
    });
    const moved = {
      HF_HOME: '~/hf',
      HF_HUB_CACHE: '/big/cache',
      HF_ENDPOINT: 'https://mirror.example/',
      HF_HUB_OFFLINE: 'yes',
    };
    expect(await readHubSettings(moved, home)).toEqual({
      endpoint: 'https://mirror.example',
      cacheFolder: '/big/cache',
      tokenPath: join(home, 'hf', 'token'),
      isOffline: true,
    });
  });

  it('takes the token of HF_TOKEN, else that of the file', async () => {
    const home = join(folder, 'somebody');
    mkdirSync(join(home, '.cache', 'huggingface'), { recursive: true });
    const path = join(home, '.cache', 'huggingface', 'token');
    writeFileSync(path, 'hf_file\n');
    expect(await readHubSettings({}, home)).toMatchObject({ token: 'hf_file', tokenSource: path });
    expect(await readHubSettings({ HF_TOKEN: ' hf_env\n' }, home)).toMatchObject({
      token: 'hf_env',
      tokenSource: 'HF_TOKEN',
    });
    expect((await readHubSettings({ HF_TOKEN: 'hf\r\nX-Evil: 1' }, home)).token).toBe('hf_file');
  });

  it('refuses an endpoint that is none', async () => {
    await expect(readHubSettings({ HF_ENDPOINT: 'hub' }, folder)).rejects.toMatchObject({
      name: 'UsageError',
    });
  });
});

describe('the token', () => {
  it('is kept for its owner alone', async () => {
    const path = join(folder, 'deep', 'token');
    await saveToken(path, 'hf_one');
    await saveToken(path, 'hf_two');
    expect(readFileSync(path, 'utf8')).toBe('hf_two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(saveToken(path, 'two words')).rejects.toMatchObject({ name: 'UsageError' });
    expect(await removeToken(path)).toBe(true);
    expect(await removeToken(path)).toBe(false);
  });

  it.each([
    { endpoint: 'https://hub.example', url: 'https://hub.example/a', isSent: true },
    { endpoint: 'https://hub.example', url: 'https://files.example/a', isSent: false },
    { endpoint: 'https://hub.example', url: 'http://hub.example/a', isSent: false },
    { endpoint: 'http://hub.example', url: 'http://hub.example/a', isSent: false },
    { endpoint: 'http://127.0.0.1:8080', url: 'http://127.0.0.1:8080/a', isSent: true },
    { endpoint: 'http://127.0.0.1:8080', url: 'http://127.0.0.1:9090/a', isSent: false },
  ])('from $endpoint goes to $url: $isSent', async ({ endpoint, url, isSent }) => {
    const headers = authorize({ endpoint, token: 'hf_x' } as Parameters<typeof authorize>[0], url);
    expect(headers['authorization']).toBe(isSent ? 'Bearer hf_x' : undefined);
  });
});
