import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/base/errors.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { openSession } from '../../../support/terminal/open-session.js';

const box = '<loc0000><loc0000><loc0512><loc1023>';
const folder = temporaryFolder();

describe('a session', () => {
  it('opens pictures and answers about the current one', async () => {
    const { session, queue, shown, history } = openSession();
    await queue.start(['a.png', 'b.png']);
    await queue.submit('caption en');
    await queue.submit('how many?');
    await queue.submit('/next');
    expect(shown()).toEqual([
      'picture a.png 1 of 2',
      '2 are open: /next and /prev go through them, /open lists them.',
      'caption en',
      'answer en how many?',
      'picture b.png 2 of 2',
    ]);
    expect(session.state.current).toBe(1);
    expect(history).toEqual(['caption en', 'how many?', '/next']);
  });

  it('opens the others when one cannot be opened', async () => {
    const { session, queue, shown } = openSession();
    await queue.start(['a.png', 'missing.png', 'b.png']);
    await queue.submit('/open missing.png c.png');
    await queue.submit('@missing.png @d.png');
    const missing = 'error: There is no file missing.png.';
    const [a, c, d] = ['a.png 1 of 2', 'c.png 3 of 3', 'd.png 4 of 4'].map((one) => `picture ${one}`);
    const note = '2 are open: /next and /prev go through them, /open lists them.';
    expect(shown()).toEqual([missing, a, note, missing, c, missing, d]);
    expect(session.state.blocks.map((block) => 'line' in block && block.line !== undefined)).toEqual([
      ...[false, false, false],
      ...[true, true, true, true],
    ]);
    await queue.submit('caption en @a.png @missing.png');
    expect(shown().at(-1)).toBe(missing);
  });

  it('lists what is open, and goes there by its number', async () => {
    const { session, queue, shown } = openSession();
    await queue.start([]);
    await queue.submit('/open');
    expect(shown()).toEqual(['error: No picture is open.']);
    await queue.submit('/open a.png b.png c.png');
    await queue.submit('/open 2');
    expect(shown().at(-1)).toBe('picture b.png 2 of 3');
    expect(session.state.current).toBe(1);
    await queue.submit('/open');
    expect(shown().at(-1)).toBe('1 a.png; 2 * b.png; 3 c.png');
    await queue.submit('/open 4');
    expect(shown().at(-1)).toBe('picture 4 4 of 4');
  });

  it('runs a line on each picture that it names, and ask on all together', async () => {
    const { queue, shown, engines } = openSession();
    await queue.start([]);
    await queue.submit('caption en @a.png @b.png');
    await queue.submit('ask same? @a.png @b.png');
    expect(shown().filter((text) => !text.startsWith('picture'))).toEqual([
      'caption en',
      'caption en',
      'same?',
    ]);
    expect(engines[0].requests.map(({ images }) => images.length)).toEqual([1, 1, 2]);
  });

  it('works off lines in their order', async () => {
    const { queue, shown } = openSession();
    await queue.start(['a.png']);
    await Promise.all([queue.submit('ask 1'), queue.submit('ask 2'), queue.submit('ask 3')]);
    await expect.poll(() => shown().length).toBe(4);
    expect(shown().slice(1)).toEqual(['1', '2', '3']);
  });

  it('stops at once, drops what waits, and goes on', async () => {
    const { session, queue, shown } = openSession(({ prompt }) =>
      prompt === 'slow' ? new Promise(() => undefined) : prompt,
    );
    await queue.start(['a.png']);
    const work = queue.submit('ask slow');
    void queue.submit('ask waits');
    await expect.poll(() => session.state.run?.step).toBe('reading the prompt');
    expect(queue.cancel()).toBe(true);
    await work;
    expect([queue.cancel(), session.state.queue]).toEqual([false, []]);
    await queue.submit('ask more');
    expect(shown().slice(1)).toEqual(['cancelled', 'more']);
  });

  it('puts errors in place and loads the engine again when it died', async () => {
    let count = 0;
    const { session, queue, shown } = openSession(({ prompt }) => {
      if (count++ === 0) throw new EngineError('ENGINE_DIED', 'The engine stopped.');
      return prompt;
    });
    await queue.start(['missing.png']);
    await queue.submit('detect cat');
    await queue.submit('@a.png');
    await queue.submit('ask x');
    await queue.submit('ask y');
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
    const { queue, shown, engines } = openSession();
    await queue.start([]);
    await queue.submit('/model other');
    await queue.submit('/model nope');
    await queue.submit('/device cpu');
    await queue.submit('/model');
    expect(shown()).toEqual([
      'model: other',
      "error: There is no model 'nope'.",
      'device: cpu',
      'demo; other in use',
    ]);
    await expect.poll(() => engines.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
  });

  it('goes back to the device that worked when another one fails', async () => {
    const { session, queue, shown, engines } = openSession(undefined, {
      findModel: async ({ model = 'demo', device }) => {
        const engine = new FakeEngine(({ prompt }) => prompt);
        engines.push(engine);
        if (device === 'cuda') {
          engine.load = () => Promise.reject(new EngineError('DEVICE_FAILED', 'cuda does not work here.'));
        }
        return { name: model, dtype: 'fp32', engine };
      },
    });
    await queue.start(['a.png']);
    await queue.submit('ask before');
    await queue.submit('/device cuda');
    await expect.poll(() => session.state.model).toMatchObject({ phase: 'ready', wantedDevice: 'auto' });
    await queue.submit('ask after');
    expect(session.state.notice).toBe('Back to demo.');
    expect(shown().slice(1)).toEqual(['before', 'device: cuda', 'error: cuda does not work here.', 'after']);
    expect(engines.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
  });

  it('changes settings, and keeps them when asked', async () => {
    const { session, queue, shown, saved, engines } = openSession();
    await queue.start(['a.png']);
    await queue.submit('/set lang es');
    await queue.submit('/set max-tokens 7 --save');
    await queue.submit('/set lang xx');
    await queue.submit('caption');
    expect(shown().slice(1)).toEqual([
      'lang: es',
      'max-tokens: 7, saved for later sessions',
      "error: lang cannot be 'xx'.",
      'caption es',
    ]);
    expect(engines[0].requests[0].maxTokens).toBe(7);
    expect(saved).toEqual({ 'max-tokens': '7' });
    await queue.submit('/set --save');
    expect(saved).toMatchObject({ lang: 'es', model: 'demo', device: 'auto' });
    await queue.submit('/set lang');
    expect(shown().at(-1)).toBe('lang es It is a code such as en, es or zh.');
    await queue.submit('/set seed --save');
    expect(saved).toMatchObject({ seed: '0' });
    await queue.submit('/set nope');
    expect(shown().at(-1)).toBe("error: There is no setting 'nope'.");
    await queue.submit('/set history off');
    await queue.submit('ask secret');
    expect(session.state.settings.keepsHistory).toBe(false);
  });

  it('lists lines entered before, and forgets them', async () => {
    const { session, queue, shown } = openSession();
    let forgotten = 0;
    session.onForget = () => forgotten++;
    await queue.start([]);
    await queue.submit('/set lang es');
    await queue.submit('/history');
    await queue.submit('/history clear');
    expect(shown().slice(1)).toEqual(['/set lang es; /history', 'The history is empty.']);
    expect(forgotten).toBe(1);
  });

  it('sends the last prompt again, saves and exports the answer', async () => {
    const { session, queue, shown } = openSession(() => `${box} cat`);
    await queue.start(['a.png']);
    await queue.submit('/save x.png');
    await queue.submit('detect cat');
    await queue.submit('/again');
    await queue.submit(`/save "${join(folder, 'my boxes.png')}"`);
    await queue.submit(`/export json "${join(folder, 'answer.json')}"`);
    await queue.submit('/export nope x');
    expect(shown().slice(1, 4)).toEqual(['error: There is no answer yet.', 'cat', 'cat']);
    expect(existsSync(join(folder, 'my boxes.png'))).toBe(true);
    expect(readFileSync(join(folder, 'answer.json'), 'utf8')).toContain('"label":"cat"');
    expect(shown().at(-1)).toBe("error: There is no format 'nope'.");
    expect(session.state.labels).toEqual(['cat']);
  });

  it('sends the last line again that could be asked', async () => {
    const { queue, shown } = openSession();
    await queue.start(['a.png']);
    await queue.submit('/again');
    await queue.submit('a question');
    await queue.submit('detect ;');
    await queue.submit('/again');
    expect(shown().slice(1)).toEqual([
      'error: There is no prompt to send again.',
      expect.stringContaining('a question'),
      'error: There is nothing to look for.',
      expect.stringContaining('a question'),
    ]);
  });

  it('saves the masks of the last answer, and exports it for training', async () => {
    const seg = '<seg000>'.repeat(16);
    const { queue, shown } = openSession(({ prompt }) =>
      prompt.startsWith('segment') ? `${box}${seg} cat` : prompt,
    );
    await queue.start(['my cat.png']);
    await queue.submit('caption en');
    await queue.submit('/masks');
    await queue.submit(`/export yolo "${folder}"`);
    await queue.submit(`/export coco "${join(folder, 'coco.json')}"`);
    expect(shown().slice(2)).toEqual([
      'error: The answer has no masks.',
      'error: The answer is a text: yolo is for objects.',
      'error: The answer is a text: coco is for objects.',
    ]);
    await queue.submit('segment cat');
    await queue.submit(`/masks "${join(folder, 'the masks')}"`);
    await queue.submit(`/export yolo "${join(folder, 'labels')}"`);
    await queue.submit(`/export coco "${join(folder, 'coco.json')}"`);
    expect(shown().slice(-3)).toEqual([
      `Saved 1 mask in ${join(folder, 'the masks')}.`,
      `Saved ${join(folder, 'labels', 'my cat.txt')}.`,
      `Saved ${join(folder, 'coco.json')}.`,
    ]);
    expect(readdirSync(join(folder, 'the masks'))).toEqual(['my cat-1-cat.png']);
    expect(readFileSync(join(folder, 'labels', 'classes.txt'), 'utf8')).toBe('cat\n');
    expect(readFileSync(join(folder, 'labels', 'my cat.txt'), 'utf8')).toMatch(/^0( [01]\.\d{6}){6,}\n$/);
    expect(JSON.parse(readFileSync(join(folder, 'coco.json'), 'utf8'))).toMatchObject({
      categories: [{ name: 'cat' }],
    });
  });

  it('says what to type instead of what is no prompt, and what found nothing', async () => {
    const { session, queue, shown } = openSession(() => '');
    await queue.start(['a.png']);
    for (const line of ['import nope', 'quit now please', '/set minscore 0.5', '/close'])
      await queue.submit(line);
    const hints = session.state.blocks.flatMap((block) => (block.type === 'error' ? [block.hint ?? ''] : []));
    expect(hints).toEqual([
      expect.stringContaining('pali import nope'),
      expect.stringContaining('/quit'),
      'Did you mean min-score? /set lists all.',
      expect.stringContaining('/open PATH'),
    ]);
    await queue.submit('detect cow tractor');
    expect(shown().at(-1)).toBe('"cow tractor" was asked for as one thing; semicolons separate several.');
    const path = join(folder, 'none.png');
    await queue.submit(`/save "${path}"`);
    expect(shown().at(-1)).toBe(`Saved ${path}, without boxes: nothing was found.`);
    await queue.submit('detect cow');
    expect(shown().at(-1)).toBe('');
  });

  it('opens the clipboard, and files that a line consists of', async () => {
    const { queue, shown } = openSession();
    await queue.start([]);
    await queue.submit('/paste');
    await queue.submit('fixtures/gallery/farm.png');
    await queue.submit('/nope');
    expect(shown()).toEqual([
      'picture clipboard',
      'picture fixtures/gallery/farm.png 2 of 2',
      'error: There is no command /nope.',
    ]);
  });
});
