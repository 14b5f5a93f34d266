import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import {
  findFlashAndBeep,
  makeLatePicture,
  makeSideSound,
  makeSlides,
  makeUnknownSound,
  readTimes,
} from '../../support/awkward-videos.js';
import { processClip } from '../../support/process-clip.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

async function annotate(path: string, name: string): Promise<{ path: string; notes: string[] }> {
  const output = join(folder, name);
  const { notes } = await processClip(path, { annotate: output });
  return { path: output, notes };
}

describe('annotateVideo', () => {
  it.each([
    ['mkv', 'mp4'],
    ['mp4', 'webm'],
  ] as const)(
    'keeps flash and beep together where the pictures of an %s begin late (%s)',
    async (from, to) => {
      const { path } = await annotate(await makeLatePicture(folder, from), `late-${from}.${to}`);
      const { flash, beep } = await findFlashAndBeep(path);
      expect(flash).toBeCloseTo(5.02, 1);
      expect(Math.abs(flash - beep)).toBeLessThan(0.03);
      expect((await probeVideo(path)).durationSeconds).toBeCloseTo(10, 1);
    },
  );

  it.each(['mp4', 'webm', 'gif'])(
    'changes slides when the source does, and shows the last to the end (%s)',
    async (to) => {
      const { path } = await annotate(await makeSlides(folder), `slides.${to}`);
      const times = await readTimes(path);
      expect(times.slice(0, 4).map((time) => Math.round(time * 5) / 5)).toEqual([0, 0.2, 30, 90]);
      expect(times.at(-1)).toBeCloseTo(120, 0);
      expect((await probeVideo(path)).durationSeconds).toBeCloseTo(120, 0);
    },
  );

  it('maps sound that the encoder has no layout for', async () => {
    const source = await makeSideSound(folder);
    for (const name of ['side.webm', 'side.mp4']) {
      const { path, notes } = await annotate(source, name);
      expect(await probeVideo(path)).toMatchObject({ hasAudio: true });
      expect(notes).toEqual([]);
    }
  });

  it('writes the copy without a sound that nobody can read, and says so', async () => {
    const { path, notes } = await annotate(await makeUnknownSound(folder), 'silent.mp4');
    const copy = await probeVideo(path);
    expect(copy.hasAudio).toBe(false);
    expect(copy.durationSeconds).toBeCloseTo(8, 0);
    expect(notes).toEqual([
      expect.stringMatching(/^The sound of .*unknown-audio\.mkv cannot be kept: .*silent/),
    ]);
  });
});
