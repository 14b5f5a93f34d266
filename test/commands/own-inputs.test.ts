import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const place = join(folder, 'place');
mkdirSync(place);
const picture = join(place, 'farm.png');
const video = join(place, 'crossing.mp4');
copyFileSync('fixtures/gallery/farm.png', picture);
copyFileSync('fixtures/video/crossing.mp4', video);

/** Nothing of what was read is lost. */
function expectWhole(): void {
  expect(readFileSync(picture).equals(readFileSync('fixtures/gallery/farm.png'))).toBe(true);
  expect(readFileSync(video).equals(readFileSync('fixtures/video/crossing.mp4'))).toBe(true);
}

describe('files that are read', () => {
  it.each([
    [[picture, '--overlay', picture], 'would be written over'],
    [[picture, '--output', join(place, '.', 'farm.png')], 'would be written over'],
    [[video, '--annotate', video], 'would be written over'],
    [[picture, '--overlay', `${place}/`], 'the places of the pictures'],
    [[join(place, '*.png'), '--overlay', place], 'the places of the pictures'],
  ])('are not written over: %j', async (args, sentence) => {
    const { stderr, exitCode } = await runPali(['detect', 'cow', ...args], home);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
    expectWhole();
  });

  it('says that no video was written for a picture', async () => {
    const { stdout, stderr, exitCode } = await runPali(
      ['detect', 'cow', picture, '--annotate', join(place, 'out.mp4')],
      home,
    );
    expect(stdout).toMatch(/^cow\t/);
    expect(stderr).toContain('no input is a video');
    expect(exitCode).toBe(2);
  });
});
