import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { findFfmpeg } from '../../../src/video/ffmpeg/find-ffmpeg.js';
import { runPali } from '../../support/run-pali.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const crossing = fixturePath('video', 'crossing.mp4');

/** An ffmpeg that does something else when its arguments look like `pattern`. */
async function wrapFfmpeg(name: string, pattern: string, instead: string): Promise<Record<string, string>> {
  const path = join(folder, name);
  const { ffmpegPath, ffprobePath } = await findFfmpeg();
  const real = `'${ffmpegPath}'`;
  await writeFile(
    path,
    `#!/bin/sh\ncase "$*" in ${pattern}) ${instead.replaceAll('REAL', real)};; esac\nexec ${real} "$@"\n`,
  );
  await chmod(path, 0o755);
  return { FFMPEG_PATH: path, FFPROBE_PATH: ffprobePath };
}

const detect = ['detect', 'dog', '--model', 'demo', '--every', '2s', crossing];

describe.skipIf(process.platform === 'win32')('ffmpeg that ends in the middle', () => {
  const cut = (bytes: number): string => `REAL "$@" | head -c ${bytes}; kill -9 $$`;

  it('a killed reader of frames is no damaged video: exit 7, what was answered stays', async () => {
    const env = await wrapFfmpeg('sampler', '*rawvideo*', cut(640 * 360 * 3 * 2));
    const { exitCode, stderr, stdout } = await runPali([...detect, '--format', 'jsonl'], env);
    expect(exitCode).toBe(7);
    expect(stderr).toContain('ffmpeg was ended by SIGKILL while it read');
    expect(stderr).not.toMatch(/damaged|incomplete/);
    expect(stdout.trim().split('\n').length).toBeGreaterThan(0);
  });

  it.each([
    ['reader', '*select=1*rawvideo*', cut(640 * 360 * 3 * 40)],
    ['writer', '*file:*.part', 'head -c 5000000 >/dev/null; kill -9 $$'],
    // Past the limit a write fails as on a full disk; ffmpeg 5.1 then ends with 0.
    ['limited', '*file:*.part', `trap '' XFSZ; ulimit -f 8; exec REAL "$@"`],
  ])('an annotated copy is whole or the old file stays (%s)', async (name, pattern, instead) => {
    const env = await wrapFfmpeg(name, pattern, instead);
    const path = join(folder, `${name}.mp4`);
    await writeFile(path, 'old');
    const { exitCode, stderr } = await runPali([...detect, '--annotate', path], env);
    expect(stderr).toMatch(/ffmpeg was ended by SIGKILL|could not be written: .*too large/);
    expect(exitCode).toBe(7);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect((await readdir(folder)).filter((file) => file.includes('.part'))).toEqual([]);
  });
});
