import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectPack, readPack } from '../../../src/base/model-files/pack.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

describe('inspectPack', () => {
  it.skipIf(process.platform === 'win32')(
    'tells a file that cannot be opened from a damaged one',
    async () => {
      mkdirSync(join(folder, 'packed'));
      // A link to itself is refused to everybody, root included.
      symlinkSync('packed.json', join(folder, 'packed', 'packed.json'));
      expect(await inspectPack(folder)).toBe('unreadable');
      expect(await readPack(folder)).toBe('damaged');
    },
  );
});
