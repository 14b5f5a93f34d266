import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/base/errors.js';
import { findFfmpeg, parseFfmpegVersion, type FfmpegSearch } from '../../../src/video/ffmpeg/find-ffmpeg.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-find-'));
  for (const name of ['ffmpeg', 'ffprobe']) {
    await writeFile(join(folder, name), '#!/bin/sh\necho "ffmpeg version 4.2.1-static"\n');
    await chmod(join(folder, name), 0o755);
  }
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

function search(env: NodeJS.ProcessEnv, packaged?: string): FfmpegSearch {
  return { env, platform: 'linux', findPackaged: () => packaged };
}

describe('findFfmpeg', () => {
  it('takes what the environment names, then the PATH, then the packages', async () => {
    const named = { FFMPEG_PATH: join(folder, 'ffmpeg'), FFPROBE_PATH: join(folder, 'ffprobe') };
    expect(await findFfmpeg(search({ ...named, PATH: '/nowhere' }))).toMatchObject({
      origin: 'environment',
      version: [4, 2],
    });
    expect(await findFfmpeg(search({ PATH: `/nowhere:${folder}` }, '/not/asked'))).toMatchObject({
      origin: 'path',
      ffmpegPath: join(folder, 'ffmpeg'),
    });
    expect(await findFfmpeg(search({ PATH: '' }, join(folder, 'ffmpeg')))).toMatchObject({
      origin: 'package',
    });
  });

  it('says how to install what is missing', async () => {
    await expect(findFfmpeg(search({ PATH: '' }))).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      exitCode: 8,
      hint: 'Install it with: sudo apt install ffmpeg',
    });
    await expect(findFfmpeg(search({ FFMPEG_PATH: '/no/such', PATH: folder }))).rejects.toThrow(
      /FFMPEG_PATH/,
    );
  });

  it.skipIf(process.platform === 'win32')('does not blame a program that Ctrl-C has ended', async () => {
    const ended = join(folder, 'ended');
    await writeFile(ended, '#!/bin/sh\nkill -INT $$\n', { mode: 0o755 });
    const named = { FFMPEG_PATH: ended, FFPROBE_PATH: ended, PATH: '' };
    await expect(findFfmpeg(search(named))).rejects.toBeInstanceOf(CancelledError);
  });

  it("makes a package's program executable where no install script did", async () => {
    const program = join(folder, 'packaged');
    await writeFile(program, '#!/bin/sh\necho "ffmpeg version 4.2.1-static"\n', { mode: 0o644 });
    expect(await findFfmpeg(search({ PATH: '' }, program))).toMatchObject({ origin: 'package' });
  });

  it('finds the packages of this project', async () => {
    const tools = await findFfmpeg();
    expect(tools.version[0]).toBeGreaterThan(3);
  });
});

describe('parseFfmpegVersion', () => {
  it.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers', [5, 1]],
    ['ffmpeg version n7.0 Copyright (c) 2000-2024 the FFmpeg developers', [7, 0]],
    ['ffmpeg version N-115000-gabcdef Copyright (c) 2000-2024 the FFmpeg developers', [Infinity, 0]],
    // The npm package's.
    [
      'ffmpeg version N-47683-g0e8eb07980-static https://johnvansickle.com/ffmpeg/  Copyright (c) 2000-2018 the FFmpeg developers',
      [4, 0],
    ],
    ['something else', [Infinity, 0]],
  ])('reads %s', (text, version) => {
    expect(parseFfmpegVersion(`${text}\nbuilt with gcc`)).toEqual(version);
  });
});
