import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { EngineError, InputError } from '../../../src/base/errors.js';
import type { Session } from '../../../src/repl/session/state/session.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { openSession } from '../../support/terminal/open-session.js';

/** 8 seconds, 320 x 180, 10 frames a second. */
const clip = fixturePath('video', 'crossing.mp4');
/** Cuts at 3 and 6 seconds. */
const shots = fixturePath('video', 'three_shots.mp4');
const box = '<loc0000><loc0000><loc0512><loc1023>';
const folder = temporaryFolder();
/** The machine may be busy. */
const PATIENT = { timeout: 30_000 };

/** Rows of the timeline: `1-3 text`. */
function moments({ state }: Session): string[] {
  return state.blocks.flatMap((block) =>
    block.type === 'moment'
      ? [
          `${block.moment.startSeconds}-${block.moment.lastSeconds} ${block.moment.results[0].text ?? block.moment.results[0].detections?.map(({ label }) => label).join()}`,
        ]
      : [],
  );
}

const shownPlace = ({ state }: Session): unknown => state.pictures[state.current].video?.place;

describe('a video in a session', () => {
  it('is known by its content, and tells its samples', async () => {
    const { session, queue, shown } = openSession();
    await queue.start([clip]);
    await queue.submit('/set fps 2');
    await queue.submit(`/video ${clip}`);
    await queue.submit('/set frames 5');
    await queue.submit('/video');
    expect(shown()).toEqual([
      `video ${clip}: 8 samples at 1 fps`,
      'fps: 2',
      `video ${clip}: 16 samples at 2 fps`,
      'frames: 5',
      `video ${clip}: 5 samples`,
    ]);
    expect(session.state.pictures).toHaveLength(1);
    const hints = session.state.blocks.flatMap((block) => (block.type === 'video' ? [block.hint] : []));
    expect(hints).toEqual(['change with /set fps 2', 'change with /set fps 1', 'change with /set fps 1']);
  });

  it('keeps how it is sampled, so that a later session does the same', async () => {
    const { queue, saved, shown } = openSession();
    await queue.start([]);
    await queue.submit('/set frames 16 --save');
    expect(saved).toEqual({ fps: '1', frames: '16', scenes: 'off' });
    await queue.submit('/set fps 2 --save');
    expect(saved).toEqual({ fps: '2', frames: 'off', scenes: 'off' });
    await queue.submit('/set fps 0');
    await queue.submit('/set skip-similar 2');
    expect(shown().slice(-2)).toEqual(["error: fps cannot be '0'.", "error: skip-similar cannot be '2'."]);
  });

  it('is answered sample by sample, equal neighbours together', async () => {
    const { session, queue, shown } = openSession((_, count) => (count <= 3 ? 'a dog' : 'a cat'));
    await queue.start([clip]);
    await queue.submit('caption en');
    expect(moments(session)).toEqual(['0-2 a dog', '3-7 a cat']);
    expect(shown().at(-1)).toBe('8 frames');
    const lines = session.state.blocks.map((block) => ('line' in block ? block.line : undefined));
    expect(lines.filter((line) => line === 'caption en')).toHaveLength(1);
  });

  it('runs a line on a video and a picture that it names', async () => {
    const { session, queue, engines } = openSession();
    await queue.start([]);
    await queue.submit(`caption en @${clip} @a.png`);
    expect(moments(session)).toEqual(['0-7 caption en']);
    expect(session.state.blocks.at(-1)).toMatchObject({ type: 'answer', pictureName: 'a.png' });
    expect(engines[0].requests).toHaveLength(9);
  });

  it('asks about nothing more while it is paused', async () => {
    const waiting: (() => void)[] = [];
    const { session, queue, engines } = openSession(
      ({ prompt }) => new Promise((answer) => waiting.push(() => answer(prompt))),
    );
    await queue.start([clip]);
    await queue.submit('/set fps 10');
    const work = queue.submit('caption en');
    await expect.poll(() => waiting.length, PATIENT).toBe(8);
    expect(session.togglePause()).toBe(true);
    waiting.splice(0).forEach((answer) => answer());
    await expect.poll(() => session.state.run?.video?.done, PATIENT).toBe(8);
    expect(session.state.run?.video).toMatchObject({ isPaused: true, total: 80 });
    expect(engines[0].requests).toHaveLength(8);
    session.togglePause();
    const goOn = setInterval(() => waiting.splice(0).forEach((answer) => answer()), 1);
    await work;
    clearInterval(goOn);
    expect(engines[0].requests).toHaveLength(80);
    expect(session.togglePause()).toBe(false);
  });

  it('keeps what is done when it is stopped, also while it is paused', async () => {
    const { session, queue, shown } = openSession(({ prompt }, count) =>
      count <= 4 ? prompt : new Promise(() => undefined),
    );
    await queue.start([clip]);
    const work = queue.submit('caption en');
    void queue.submit('ask waits');
    await expect.poll(() => session.state.run?.video?.done, PATIENT).toBe(4);
    session.togglePause();
    expect(queue.cancel()).toBe(true);
    await work;
    expect(moments(session)).toEqual(['0-3 caption en']);
    expect(shown().at(-1)).toBe('4 frames cancelled');
    expect(session.state).toMatchObject({ queue: [], run: undefined });
    await queue.submit(`/export jsonl "${join(folder, 'part.jsonl')}"`);
    expect(readFileSync(join(folder, 'part.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4);
  });

  it('is left for one of its frames, by number, by time, step by step', async () => {
    const { session, queue, shown, engines } = openSession(({ prompt }) => prompt);
    await queue.start([clip]);
    await queue.submit('/frame 3');
    expect(shownPlace(session)).toEqual({ index: 20, timeSeconds: 2, endSeconds: 3, number: 3, total: 8 });
    await queue.submit('caption en');
    expect(session.state.lastAnswer?.result).toMatchObject({
      text: 'caption en',
      frame: { index: 20, timeSeconds: 2, endSeconds: 3 },
    });
    expect(engines[0].requests).toHaveLength(1);
    await queue.submit('/next');
    expect(shownPlace(session)).toMatchObject({ timeSeconds: 3, number: 4 });
    await queue.submit('/frame 0:06.5');
    expect(shownPlace(session)).toMatchObject({ timeSeconds: 6.5, number: 7 });
    await queue.submit('/prev');
    expect(shownPlace(session)).toMatchObject({ timeSeconds: 5, number: 6 });
    await queue.submit('/frame 1');
    await queue.submit('/prev');
    await queue.submit('/frame 8');
    await queue.submit('/next');
    await queue.submit('/frame 9');
    await queue.submit('/frame 0:08');
    await queue.submit('/frame soon');
    expect(shown().filter((text) => text.startsWith('error'))).toEqual([
      'error: That was the first of 8 samples.',
      'error: That was the last of 8 samples.',
      'error: There is no sample 9.',
      `error: ${clip} is 0:08.0 long: there is no frame at 0:08.0.`,
      "error: /frame cannot go to 'soon'.",
    ]);
    await queue.submit('/video');
    expect(shownPlace(session)).toBeUndefined();
    await queue.submit('caption en');
    expect(engines[0].requests).toHaveLength(9);
  });

  it('shows what the timeline says of a frame, also after an answer about another', async () => {
    const { session, queue } = openSession(({ prompt }, count) => `${prompt} ${count}`);
    await queue.start([clip]);
    await queue.submit('ask what');
    await queue.submit('/frame 2');
    await queue.submit('ask more');
    await queue.submit('/next');
    expect(session.state.blocks.at(-1)).toMatchObject({
      type: 'picture',
      position: '3/8',
      moment: { moment: { results: [{ text: 'what 3' }] } },
    });
  });

  it('is sampled by shots, and takes over answers of frames that hardly differ', async () => {
    const { session, queue, shown } = openSession(({ prompt }, count) => `${prompt} ${count}`);
    await queue.start([shots]);
    await queue.submit('/set scenes on');
    await queue.submit('ask a');
    expect(moments(session)).toEqual(['0-0 a 1', '3-3 a 2', '6-6 a 3']);
    await queue.submit('/frame 2');
    expect(shownPlace(session)).toMatchObject({ timeSeconds: 3, endSeconds: 6, number: 2, total: 3 });
    await queue.submit('/video');
    await queue.submit('/set fps 1');
    await queue.submit('/set skip-similar 1');
    await queue.submit('ask b');
    expect(moments(session).slice(3)).toEqual(['0-8 b 4']);
    expect(shown().at(-1)).toBe('9 frames');
  });

  it('gives objects numbers with /set track on, and tasks without objects none', async () => {
    const { session, queue } = openSession(({ prompt }) =>
      prompt.startsWith('detect') ? `${box} cat` : prompt,
    );
    await queue.start([clip]);
    await queue.submit('/set track on');
    await queue.submit('detect cat');
    const ids = session.state.timeline?.frames.map(({ result }) => result.frame?.trackIds);
    expect(ids).toEqual(Array.from({ length: 8 }, () => [1]));
    await queue.submit('ocr');
    expect(moments(session)).toEqual(['0-7 cat', '0-7 ocr']);
    expect(session.state.timeline?.frames[0].result.frame?.trackIds).toBeUndefined();
    expect(session.state.labels).toEqual(['cat']);
  });

  it('saves subtitles, tables, a video and a sheet; refuses other names', async () => {
    const { queue, shown } = openSession(() => `${box} cat`);
    const path = (name: string): string => join(folder, name);
    await queue.start([clip]);
    await queue.submit('/set fps 0.5');
    await queue.submit('detect cat');
    for (const name of ['a.srt', 'a.csv', 'a.mp4', 'a.png', 'a.xyz'])
      await queue.submit(`/save ${path(name)}`);
    expect(readFileSync(path('a.srt'), 'utf8')).toBe('1\n00:00:00,000 --> 00:00:08,000\ncat\n\n');
    expect(readFileSync(path('a.csv'), 'utf8').trim().split('\n')).toHaveLength(5);
    expect(readFileSync(path('a.mp4')).toString('latin1', 4, 8)).toBe('ftyp');
    expect(readFileSync(path('a.png')).toString('latin1', 1, 4)).toBe('PNG');
    expect(shown().at(-1)).toBe(`error: ${path('a.xyz')} does not say what to write.`);
    await queue.submit('/frame 2');
    await queue.submit('caption en');
    await queue.submit(`/save ${path('whole.mp4')}`);
    expect(shown().at(-1)).toBe(`Saved ${path('whole.mp4')}, with answer 1.`);
    await queue.submit('/open a.png');
    await queue.submit('detect cat');
    await queue.submit(`/export vtt ${path('b.vtt')}`);
    expect(shown().at(-1)).toBe('error: The answer is about a picture: vtt is for videos.');
  });

  it('ends, with what was answered, when the engine dies', async () => {
    const { session, queue, shown } = openSession(({ prompt }, count) => {
      if (count === 3) throw new EngineError('ENGINE_DIED', 'The engine stopped.');
      return prompt;
    });
    await queue.start([clip]);
    await queue.submit('caption en');
    expect(moments(session)).toEqual(['0-1 caption en']);
    expect(shown().slice(-3)).toEqual([
      '2 frames',
      'error: The engine stopped.',
      'The engine is started again.',
    ]);
  });

  it('goes on after a frame that fails, and says so in its place', async () => {
    const { session, queue, shown } = openSession(({ prompt }, count) => {
      if (count === 3) throw new InputError('TOO_DARK', 'It is too dark.');
      return prompt;
    });
    await queue.start([clip]);
    await queue.submit('caption en');
    expect(moments(session)).toEqual(['0-1 caption en', '2-2 undefined', '3-7 caption en']);
    const failed = session.state.blocks.filter((block) => block.type === 'moment' && block.exitCode === 3);
    expect(failed).toMatchObject([{ moment: { results: [{ error: { message: 'It is too dark.' } }] } }]);
    expect(shown().at(-1)).toBe('8 frames');
  });
});
