import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg, type FfmpegSearch } from '../../src/video/find-ffmpeg.js';

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

  it('finds the packages of this project', async () => {
    const tools = await findFfmpeg();
    expect(tools.version[0]).toBeGreaterThan(3);
  });
});
