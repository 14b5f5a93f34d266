import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../src/models/models-folder.js';

const home = resolve('/home/kim');

describe('modelsFolder', () => {
  it.each([
    [
      'PALI_HOME wins',
      'linux',
      { PALI_HOME: resolve('/data/pali'), XDG_DATA_HOME: resolve('/x') },
      resolve('/data/pali/models'),
    ],
    ['XDG_DATA_HOME', 'linux', { XDG_DATA_HOME: resolve('/x') }, resolve('/x/pali/models')],
    [
      'a relative XDG_DATA_HOME is ignored',
      'linux',
      { XDG_DATA_HOME: 'x' },
      join(home, '.local/share/pali/models'),
    ],
    ['Linux without any', 'linux', {}, join(home, '.local/share/pali/models')],
    ['macOS', 'darwin', {}, join(home, 'Library/Application Support/pali/models')],
    ['Windows', 'win32', { LOCALAPPDATA: join(home, 'Local') }, join(home, 'Local/pali/Data/models')],
  ] as const)('%s', (_, platform, env, folder) => {
    expect(modelsFolder({ env, platform, home })).toBe(folder);
  });
});
