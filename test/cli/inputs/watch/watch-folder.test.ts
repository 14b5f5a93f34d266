import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { looksWhole } from '../../../../src/cli/inputs/watch/looks-whole.js';
import { watchFolder, type WatchOptions } from '../../../../src/cli/inputs/watch/watch-folder.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const picture = 'fixtures/gallery/farm.png';
const bytes = readFileSync(picture);
const times = { poll: 5, settle: 40, settleOdd: 60_000 };

interface Watched {
  readonly folder: string;
  readonly names: string[];
  readonly stop: () => Promise<void>;
  readonly ended: Promise<void>;
  readonly put: (name: string) => void;
}

/** Watches a folder that holds `old.png`. */
async function start(options: Partial<WatchOptions> = {}): Promise<Watched> {
  const folder = temporaryFolder();
  const old = join(folder, 'old.png');
  copyFileSync(picture, old);
  utimesSync(old, 1_000_000, 1_000_000);
  const controller = new AbortController();
  const names: string[] = [];
  const coming = await watchFolder(folder, { isRecursive: true, times, ...options }, controller.signal);
  const ended = (async () => {
    for await (const { name, pictures } of coming) {
      const [source] = pictures;
      if (typeof source === 'function')
        await source(controller.signal).catch((e: Error) => names.push(e.message));
      else names.push(name.slice(folder.length + 1).replaceAll('\\', '/'));
    }
  })();
  const stopped = ended.catch((error: Error) => expect(error.message).toBe('stop'));
  return {
    ...{ folder, names, ended },
    stop: async () => {
      controller.abort(new Error('stop'));
      await stopped;
    },
    put: (name) => copyFileSync(picture, join(folder, name)),
  };
}

const settled = { timeout: 20_000, interval: 10 };

describe('watching a folder', () => {
  it('gives pictures that come, also below, and nothing that was there', async () => {
    const { folder, names, put, stop } = await start();
    mkdirSync(join(folder, 'sub'));
    put('a.png');
    put('sub/b.PNG');
    put('.hidden.png');
    writeFileSync(join(folder, 'notes.txt'), 'x');
    await expect.poll(() => names.toSorted(), settled).toEqual(['a.png', 'sub/b.PNG']);
    // A rename within the folder, and a name that comes back, are new.
    renameSync(join(folder, 'a.png'), join(folder, 'c.png'));
    await expect.poll(() => names, settled).toContain('c.png');
    put('a.png');
    await expect.poll(() => names.filter((name) => name === 'a.png').length, settled).toBe(2);
    await stop();
    expect(names).not.toContain('old.png');
  });

  it('gives videos that come, once they have been complete for long enough', async () => {
    const { folder, names, stop } = await start({ times: { ...times, settleOdd: 80 } });
    copyFileSync('fixtures/video/title.mp4', join(folder, 'a.mp4'));
    await expect.poll(() => names, settled).toEqual(['a.mp4']);
    await stop();
  });

  it('waits for pictures that are written slowly, and forgets those that go', async () => {
    const { folder, names, put, stop } = await start();
    const slow = join(folder, 'slow.png');
    writeFileSync(slow, bytes.subarray(0, 1000));
    writeFileSync(join(folder, 'gone.png'), bytes.subarray(0, 1000));
    put('whole.png');
    // The slow one was there long enough, and has no end yet.
    await expect.poll(() => names, settled).toEqual(['whole.png']);
    rmSync(join(folder, 'gone.png'));
    appendFileSync(slow, bytes.subarray(1000));
    await expect.poll(() => names, settled).toEqual(['whole.png', 'slow.png']);
    await stop();
  });

  it('leaves out what this run writes itself', async () => {
    const own: string[] = [];
    const { folder, names, put, stop } = await start({ ignored: own });
    // The folder above may be written to as well: new pictures are looked for below.
    own.push(join(folder, 'boxes'), join(folder, '..'));
    mkdirSync(join(folder, 'boxes'));
    put('boxes/a.png');
    mkdirSync(join(folder, 'boxes-too'));
    put('boxes-too/b.png');
    await expect.poll(() => names, settled).toEqual(['boxes-too/b.png']);
    await stop();
  });

  it('ends with an error when the folder goes away', async () => {
    const { folder, names, ended } = await start();
    rmSync(folder, { recursive: true });
    await ended;
    expect(names).toEqual([expect.stringContaining('is no longer watched: there is no such file')]);
  });
});

describe('looksWhole', () => {
  it('waits longer for a video, whose end says nothing', async () => {
    expect(await looksWhole('fixtures/video/title.mp4')).toBe(false);
  });

  it('takes a file for whole whose kind has no known end', async () => {
    expect(await looksWhole('test/support/masks.ts')).toBe(true);
  });

  it.each(['fixtures/gallery/farm.png', 'fixtures/golden/p01_jpg_640x480.jpg'])(
    'knows a part of %s',
    async (path) => {
      const whole = readFileSync(path);
      const part = join(temporaryFolder(), 'part');
      expect(await looksWhole(path)).toBe(true);
      for (const share of [0, 0.5, 0.9]) {
        writeFileSync(part, whole.subarray(0, Math.floor(whole.length * share)));
        expect(await looksWhole(part)).toBe(false);
      }
    },
  );
});
