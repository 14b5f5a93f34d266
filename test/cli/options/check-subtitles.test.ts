import { expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { checkSubtitles } from '../../../src/cli/options/check-subtitles.js';

const clip = fixturePath('video', 'title.mp4');
const plain = { isSummary: false };

it.each([
  ['several inputs', [clip, clip], plain],
  ['a picture', [fixturePath('gallery', 'farm.png')], plain],
  ['answers without times', [clip], { isSummary: true }],
  ['one answer for all frames', [clip], { ...plain, jointFrames: 4 }],
])('refuses %s', async (_, names, options) => {
  await expect(checkSubtitles('srt', names, options)).rejects.toMatchObject({ exitCode: 2 });
  await checkSubtitles('text', names, options);
});

it('takes several for a folder', async () => {
  await checkSubtitles('srt', [clip, clip], plain, 'subtitles/');
  await expect(checkSubtitles('srt', [clip, clip], plain, 'all.srt')).rejects.toMatchObject({ exitCode: 2 });
});

it('takes one video, and what may turn out to be one', async () => {
  for (const name of [clip, '-', 'https://example.org/a']) await checkSubtitles('vtt', [name], plain);
});
