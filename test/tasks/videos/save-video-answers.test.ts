import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { CancelledError } from '../../../src/base/errors.js';
import { openVideo } from '../../../src/tasks/inputs/open-video.js';
import { saveVideoAnswers } from '../../../src/tasks/videos/save-video-answers.js';

const folder = mkdtempSync(join(tmpdir(), 'pali-save-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['out.mp4', 'sheet.png'])('leaves an older %s as it was when it is stopped', async (name) => {
  const path = join(folder, name);
  writeFileSync(path, 'older');
  const stopped = new AbortController();
  const video = (await openVideo(fixturePath('video', 'crossing.mp4'), stopped.signal))!;
  const frames = Array.from({ length: 8 }, (_, second) => ({
    result: {
      ...({ input: 'crossing.mp4', task: 'caption', prompt: 'caption en', text: `at ${second}` } as const),
      frame: { index: second * 10, timeSeconds: second, endSeconds: second + 1 },
    },
    exitCode: 0 as const,
  }));
  const work = saveVideoAnswers(
    { video, sampling: { kind: 'every', everySeconds: 1 }, frames },
    path,
    stopped.signal,
    (done) => {
      if (done === 3) stopped.abort(new CancelledError());
    },
  );
  await expect(work).rejects.toThrow(CancelledError);
  expect(readFileSync(path, 'utf8')).toBe('older');
  expect(readdirSync(folder).filter((file) => file.includes('part'))).toEqual([]);
});
