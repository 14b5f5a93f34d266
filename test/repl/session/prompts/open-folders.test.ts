import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { openSession } from '../../../support/terminal/open-session.js';

const folder = temporaryFolder();
for (const name of ['a.png', 'b.png', 'c.jpg', 'notes.txt']) writeFileSync(join(folder, name), 'x');
mkdirSync(join(folder, 'empty'));
mkdirSync(join(folder, 'many'));
for (let i = 10; i < 40; i++) writeFileSync(join(folder, 'many', `${i}.png`), 'x');

describe('a folder or a pattern', () => {
  it('opens what it stands for, and shows the first', async () => {
    const { session, queue, shown } = openSession();
    await queue.start([]);
    await queue.submit(`/open "${folder}"`);
    expect(shown()).toEqual([
      `picture ${join(folder, 'a.png')} 1 of 3`,
      '3 are open: /next and /prev go through them, /open lists them.',
    ]);
    await queue.submit('/next');
    expect(shown().at(-1)).toBe(`picture ${join(folder, 'b.png')} 2 of 3`);
    await queue.submit(`/open "${folder}/*.jpg"`);
    expect(session.state.pictures[session.state.current].name).toBe(join(folder, 'c.jpg'));
  });

  it('is asked about picture by picture in a line', async () => {
    const { queue, engines, shown } = openSession();
    await queue.start([]);
    await queue.submit(`caption en @${folder}/*.png`);
    expect(engines[0].requests).toHaveLength(2);
    expect(shown()).toEqual(['caption en', 'caption en']);
  });

  it('is dropped on the window, or given at the start', async () => {
    const { session, queue } = openSession();
    await queue.start([folder]);
    await queue.submit(`${folder}/`);
    expect(session.state.pictures).toHaveLength(3);
    expect(session.state.current).toBe(0);
  });

  it('gives as many as a session keeps, and says so', async () => {
    const { session, queue, shown } = openSession();
    await queue.start([]);
    await queue.submit(`/open "${join(folder, 'many')}"`);
    expect(shown()[0]).toMatch(/^These are 30; the first 16 are opened\./);
    expect(session.state.pictures).toHaveLength(16);
  });

  it('that gives nothing is an error with a way out', async () => {
    const { session, queue, shown } = openSession();
    await queue.start([]);
    await queue.submit(`/open "${join(folder, 'empty')}" "${folder}/*.bmp"`);
    expect(shown()).toEqual([
      `error: There is no picture and no video in the folder ${join(folder, 'empty')}.`,
      `error: No file matches ${folder}/*.bmp.`,
    ]);
    expect(session.state.blocks[0]).toMatchObject({
      hint: expect.not.stringContaining('--recursive') as string,
    });
  });
});
