import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { LivePicture } from '../../../src/cli/results/live-picture.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import { gradient } from '../../support/terminal/pictures.js';

const result: TaskResult = { input: 'a.mp4', task: 'caption', prompt: 'caption en' };

/** A terminal, and a stream that writes to it. */
function openScreen(): {
  write: (text: string) => void;
  rows: () => Promise<string[]>;
  stream: NodeJS.WriteStream;
} {
  const screen = new xterm.Terminal({ cols: 40, rows: 12, allowProposedApi: true, convertEol: true });
  const write = (text: string): void => screen.write(text);
  const on = (): void => undefined;
  const stream = { write, columns: 40, rows: 12, on, off: on } as unknown as NodeJS.WriteStream;
  const rows = async (): Promise<string[]> => {
    await new Promise<void>((settle) => screen.write('', settle));
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, y) => active.getLine(y)!.translateToString(true));
  };
  return { write, rows, stream };
}

describe('one picture for all frames', () => {
  it('changes in place, below what is written', async () => {
    const { write, rows, stream } = openScreen();
    const live = new LivePicture({ protocol: 'blocks', isInTmux: false, symbols: 'half' }, stream);
    for (let frame = 0; frame < 6; frame++) {
      const next = await live.prepare(gradient(80 + frame, 32), result);
      if (frame % 2 === 0) {
        live.hide();
        write(`answer ${frame}\n`);
      }
      await live.show(next);
    }
    live.end();
    write('after\n');
    const lines = await rows();
    const isPicture = (line: string): boolean => /^[ ▀]{30,}/.test(line);
    const texts = lines.filter((line) => line !== '' && !isPicture(line));
    expect(texts).toEqual(['answer 0', 'answer 2', 'answer 4', 'after']);
    // One picture, between the last answer and what comes after.
    const pictures = lines.flatMap((line, y) => (line.includes('▀') ? [y] : []));
    expect(pictures.length).toBeGreaterThan(4);
    expect(pictures[0]).toBe(lines.indexOf('answer 4') + 1);
    expect(pictures.at(-1)).toBe(lines.indexOf('after') - 1);
  });
});
