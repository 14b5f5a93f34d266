import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/base/errors.js';
import { temporaryFolder } from '../cli/temporary-folder.js';
import { openSession } from './open-session.js';

const box = '<loc0000><loc0000><loc0512><loc1023>';
const folder = temporaryFolder();

describe('a session', () => {
  it('opens pictures and answers about the current one', async () => {
    const { session, shown, history } = openSession();
    await session.start(['a.png', 'b.png']);
    await session.submit('caption en');
    await session.submit('how many?');
    await session.submit('/prev');
    expect(shown()).toEqual([
      'picture a.png',
      'picture b.png 2 of 2',
      'caption en',
      'answer en how many?',
      'picture a.png 1 of 2',
    ]);
    expect(session.state.current).toBe(0);
    expect(history).toEqual(['caption en', 'how many?', '/prev']);
  });

  it('opens the others when one cannot be opened', async () => {
    const { session, shown } = openSession();
    await session.start(['a.png', 'missing.png', 'b.png']);
    await session.submit('/open missing.png c.png');
    await session.submit('@missing.png @d.png');
    const missing = 'error: There is no file missing.png.';
    const [a, b, c, d] = ['a.png', 'b.png 2 of 2', 'c.png 3 of 3', 'd.png 4 of 4'].map(
      (one) => `picture ${one}`,
    );
    expect(shown()).toEqual([a, missing, b, missing, c, missing, d]);
    expect(session.state.blocks.map((block) => 'line' in block && block.line !== undefined)).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
    await session.submit('caption en @a.png @missing.png');
    expect(shown().at(-1)).toBe(missing);
  });

  it('runs a line on each picture that it names, and ask on all together', async () => {
    const { session, shown, engines } = openSession();
    await session.start([]);
    await session.submit('caption en @a.png @b.png');
    await session.submit('ask same? @a.png @b.png');
    expect(shown().filter((text) => !text.startsWith('picture'))).toEqual([
      'caption en',
      'caption en',
      'same?',
    ]);
    expect(engines[0].requests.map(({ images }) => images.length)).toEqual([1, 1, 2]);
  });

  it('works off lines in their order', async () => {
    const { session, shown } = openSession();
    await session.start(['a.png']);
    await Promise.all([session.submit('ask 1'), session.submit('ask 2'), session.submit('ask 3')]);
    await expect.poll(() => shown().length).toBe(4);
    expect(shown().slice(1)).toEqual(['1', '2', '3']);
  });

  it('stops at once, drops what waits, and goes on', async () => {
    const { session, shown } = openSession(({ prompt }) =>
      prompt === 'slow' ? new Promise(() => undefined) : prompt,
    );
    await session.start(['a.png']);
    const work = session.submit('ask slow');
    void session.submit('ask waits');
    await expect.poll(() => session.state.run?.step).toBe('reading the prompt');
    expect(session.cancel()).toBe(true);
    await work;
    expect([session.cancel(), session.state.queue]).toEqual([false, []]);
    await session.submit('ask more');
    expect(shown().slice(1)).toEqual(['cancelled', 'more']);
  });

  it('puts errors in place and loads the engine again when it died', async () => {
    let count = 0;
    const { session, shown } = openSession(({ prompt }) => {
      if (count++ === 0) throw new EngineError('ENGINE_DIED', 'The engine stopped.');
      return prompt;
    });
    await session.start(['missing.png']);
    await session.submit('detect cat');
    await session.submit('@a.png');
    await session.submit('ask x');
    await session.submit('ask y');
    expect(shown()).toEqual([
      'error: There is no file missing.png.',
      'error: No picture is open.',
      'picture a.png',
      'error: The engine stopped.',
      'The engine is started again.',
      'y',
    ]);
    expect(session.state.model.phase).toBe('ready');
  });

  it('switches model and device, and stays with the old one when there is none', async () => {
    const { session, shown, engines } = openSession();
    await session.start([]);
    await session.submit('/model other');
    await session.submit('/model nope');
    await session.submit('/device cpu');
    await session.submit('/model');
    expect(shown()).toEqual([
      'model: other',
      "error: There is no model 'nope'.",
      'device: cpu',
      'demo; other in use',
    ]);
    await expect.poll(() => engines.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
  });

  it('changes settings, and keeps them when asked', async () => {
    const { session, shown, saved, engines } = openSession();
    await session.start(['a.png']);
    await session.submit('/set lang es');
    await session.submit('/set max-tokens 7 --save');
    await session.submit('/set lang xx');
    await session.submit('caption');
    expect(shown().slice(1)).toEqual([
      'lang: es',
      'max-tokens: 7, saved for later sessions',
      "error: lang cannot be 'xx'.",
      'caption es',
    ]);
    expect(engines[0].requests[0].maxTokens).toBe(7);
    expect(saved).toEqual({ 'max-tokens': '7' });
    await session.submit('/set --save');
    expect(saved).toMatchObject({ lang: 'es', model: 'demo', device: 'auto' });
    await session.submit('/set lang');
    expect(shown().at(-1)).toBe('lang es It is a code such as en, es or zh.');
    await session.submit('/set seed --save');
    expect(saved).toMatchObject({ seed: '0' });
    await session.submit('/set nope');
    expect(shown().at(-1)).toBe("error: There is no setting 'nope'.");
    await session.submit('/set history off');
    await session.submit('ask secret');
    expect(session.state.settings.keepsHistory).toBe(false);
  });

  it('lists lines entered before, and forgets them', async () => {
    const { session, shown } = openSession();
    let forgotten = 0;
    session.onForget = () => forgotten++;
    await session.start([]);
    await session.submit('/set lang es');
    await session.submit('/history');
    await session.submit('/history clear');
    expect(shown().slice(1)).toEqual(['/set lang es; /history', 'The history is empty.']);
    expect(forgotten).toBe(1);
  });

  it('sends the last prompt again, saves and exports the answer', async () => {
    const { session, shown } = openSession(() => `${box} cat`);
    await session.start(['a.png']);
    await session.submit('/save x.png');
    await session.submit('detect cat');
    await session.submit('/again');
    await session.submit(`/save "${join(folder, 'my boxes.png')}"`);
    await session.submit(`/export json "${join(folder, 'answer.json')}"`);
    await session.submit('/export nope x');
    expect(shown().slice(1, 4)).toEqual(['error: There is no answer yet.', 'cat', 'cat']);
    expect(existsSync(join(folder, 'my boxes.png'))).toBe(true);
    expect(readFileSync(join(folder, 'answer.json'), 'utf8')).toContain('"label":"cat"');
    expect(shown().at(-1)).toBe("error: There is no format 'nope'.");
    expect(session.state.labels).toEqual(['cat']);
  });

  it('saves the masks of the last answer, and exports it for training', async () => {
    const seg = '<seg000>'.repeat(16);
    const { session, shown } = openSession(({ prompt }) =>
      prompt.startsWith('segment') ? `${box}${seg} cat` : prompt,
    );
    await session.start(['my cat.png']);
    await session.submit('caption en');
    await session.submit('/masks');
    await session.submit(`/export yolo "${folder}"`);
    await session.submit(`/export coco "${join(folder, 'coco.json')}"`);
    expect(shown().slice(2)).toEqual([
      'error: The last answer has no masks.',
      'error: The last answer is a text: yolo is for objects.',
      'error: The last answer is a text: coco is for objects.',
    ]);
    await session.submit('segment cat');
    await session.submit(`/masks "${join(folder, 'the masks')}"`);
    await session.submit(`/export yolo "${join(folder, 'labels')}"`);
    await session.submit(`/export coco "${join(folder, 'coco.json')}"`);
    expect(shown().slice(-3)).toEqual([
      `Saved 1 mask in ${join(folder, 'the masks')}.`,
      `Saved ${join(folder, 'labels', 'my cat.txt')}.`,
      `Saved ${join(folder, 'coco.json')}.`,
    ]);
    expect(readdirSync(join(folder, 'the masks'))).toEqual(['my-cat-1-cat.png']);
    expect(readFileSync(join(folder, 'labels', 'classes.txt'), 'utf8')).toBe('cat\n');
    expect(readFileSync(join(folder, 'labels', 'my cat.txt'), 'utf8')).toMatch(/^0( [01]\.\d{6}){6,}\n$/);
    expect(JSON.parse(readFileSync(join(folder, 'coco.json'), 'utf8'))).toMatchObject({
      categories: [{ name: 'cat' }],
    });
  });

  it('opens the clipboard, and files that a line consists of', async () => {
    const { session, shown } = openSession();
    await session.start([]);
    await session.submit('/paste');
    await session.submit('fixtures/gallery/farm.png');
    await session.submit('/nope');
    expect(shown()).toEqual([
      'picture clipboard',
      'picture fixtures/gallery/farm.png 2 of 2',
      'error: There is no command /nope.',
    ]);
  });
});
