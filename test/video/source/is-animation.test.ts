import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { isAnimation } from '../../../src/video/source/is-animation.js';
import { isAnimationFile } from '../../../src/video/source/is-video-file.js';
import { runPlainFfmpeg } from '../../support/make-clip.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const crossing = fixturePath('video', 'crossing.mp4');

async function make(name: string, ...options: string[]): Promise<string> {
  const path = join(folder, name);
  await runPlainFfmpeg(['-i', crossing, ...options, path]);
  return path;
}

/** A PNG with a long chunk of nothing after its head, as a colour profile is one. */
async function withProfile(path: string): Promise<string> {
  const png = await readFile(path);
  const chunk = Buffer.alloc(12 + 4000);
  chunk.writeUInt32BE(4000);
  chunk.write('prIv', 4, 'latin1');
  const longer = join(folder, 'profile.png');
  await writeFile(longer, Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]));
  return longer;
}

const frames = ['-vf', 'fps=2,scale=160:-2'];

describe('isAnimationFile', () => {
  it('knows a GIF that plays once, and one that repeats', async () => {
    expect(await isAnimationFile(await make('once.gif', ...frames, '-loop', '-1'))).toBe(true);
    expect(await isAnimationFile(await make('again.gif', ...frames))).toBe(true);
    expect(await isAnimationFile(await make('one.gif', '-frames:v', '1'))).toBe(false);
  });

  it('knows a PNG whose frames are announced after a long profile', async () => {
    const path = await make('anim.png', ...frames, '-plays', '0', '-f', 'apng');
    expect(await isAnimationFile(path)).toBe(true);
    expect(await isAnimationFile(await withProfile(path))).toBe(true);
    expect(await isAnimationFile(fixturePath('gallery', 'farm.png'))).toBe(false);
  });

  it('reads a file whose name is a pattern as that file', async () => {
    const path = await make('p%03d.png', ...frames, '-plays', '0', '-f', 'apng', '-update', '1');
    expect(await probeVideo(path)).toMatchObject({ container: 'apng' });
  });

  it('comes to an end with any bytes', () => {
    const beginnings = fc.constantFrom('GIF89a', '\x89PNG\r\n\x1a\n');
    fc.assert(
      fc.property(beginnings, fc.uint8Array({ maxLength: 300 }), (beginning, bytes) => {
        isAnimation(Buffer.concat([Buffer.from(beginning, 'latin1'), bytes]));
      }),
    );
  });
});
