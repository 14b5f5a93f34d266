import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { openSession } from '../../../support/terminal/open-session.js';

const box = '<loc0000><loc0000><loc0512><loc1023>';
const folder = temporaryFolder();
const answer = ({ prompt }: { readonly prompt: string }): string =>
  prompt.startsWith('detect') ? `${box} cat ; ${box} dog` : prompt;

describe('earlier answers', () => {
  it('are listed with their numbers, and saved by them', async () => {
    const { session, queue, shown } = openSession(answer);
    await queue.start(['a.png']);
    await queue.submit('/answers');
    expect(shown().at(-1)).toBe('There are no answers yet.');
    await queue.submit('detect cat ; dog');
    await queue.submit('caption en');
    await queue.submit('/answers');
    expect(shown().at(-1)).toBe('1  detect cat ; dog a.png: cat, dog; 2  caption en a.png: caption en');
    expect(session.state.blocks.flatMap((block) => ('number' in block ? [block.number] : []))).toEqual([
      1, 2,
    ]);
    const json = join(folder, 'boxes.json');
    await queue.submit(`/export 1 json "${json}"`);
    expect(readFileSync(json, 'utf8')).toContain('"label":"dog"');
    await queue.submit(`/save 1 "${join(folder, 'boxes.csv')}"`);
    expect(readFileSync(join(folder, 'boxes.csv'), 'utf8')).toContain('dog');
    await queue.submit(`/save "${join(folder, 'caption.json')}"`);
    expect(readFileSync(join(folder, 'caption.json'), 'utf8')).toContain('caption en');
    await queue.submit('/save 7 x.png');
    expect(shown().at(-1)).toBe('error: There is no answer 7.');
    expect(existsSync('x.png')).toBe(false);
    await queue.submit('/save copy.mp4');
    expect(shown().at(-1)).toBe('error: copy.mp4 is for a video, but no answer is about one.');
  });

  it('are shown again, and their picture is the one that lines are about', async () => {
    const { session, queue } = openSession(answer);
    await queue.start(['a.png']);
    await queue.submit('detect cat');
    await queue.submit('/open b.png');
    await queue.submit('/show 1');
    expect(session.state.blocks.at(-1)).toMatchObject({ type: 'answer', number: 1, pictureName: 'a.png' });
    expect(session.state.pictures[session.state.current].name).toBe('a.png');
  });
});

describe('settings of the command line', () => {
  it('min-score leaves objects out, per-class asks for each thing, tiles look closer', async () => {
    const { queue, engines, shown } = openSession(answer);
    await queue.start(['a.png']);
    await queue.submit('/set per-class on');
    await queue.submit('detect cat ; dog');
    expect(engines[0].requests.map(({ prompt }) => prompt.trim())).toEqual(['detect cat', 'detect dog']);
    await queue.submit('/set per-class off');
    await queue.submit('/set tiles 2');
    await queue.submit('detect cat');
    expect(engines[0].requests.length).toBeGreaterThan(4);
    await queue.submit('/set tiles off');
    await queue.submit('/set min-score 1');
    await queue.submit('detect cat');
    expect(shown().at(-1)).not.toContain('cat');
    await queue.submit('/set tiles 9');
    expect(shown().at(-1)).toBe("error: tiles cannot be '9'.");
  });

  it('takes the words of --show for /preview, in any case', async () => {
    const { session, queue, shown } = openSession();
    await queue.start([]);
    for (const [typed, meant] of [
      ['iterm', 'iterm2'],
      ['never', 'off'],
      ['ASCII', 'ascii'],
      ['sextants', 'sextants'],
    ]) {
      await queue.submit(`/preview ${typed}`);
      expect(session.state.settings.preview).toBe(meant);
    }
    await queue.submit('/preview crt');
    expect(shown().at(-1)).toBe("error: preview cannot be 'crt'.");
  });
});
