import { describe, expect, it } from 'vitest';
import { ProgressBars } from '../../../src/cli/models/progress-bars.js';
import { showPull } from '../../../src/cli/models/show-pull.js';

function terminal(columns: number | undefined): {
  isTTY: boolean;
  columns: number | undefined;
  text: string;
  write(text: string): void;
} {
  return {
    isTTY: columns !== undefined,
    columns,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

/* eslint-disable no-control-regex */
/** What stands on the screen at the end, without colours. */
function lastLines(text: string): string[] {
  const frames = text.split(/\u001b\[\d+A/);
  return frames
    .at(-1)!
    .replace(/\r\u001b\[2K/g, '')
    .trimEnd()
    .split('\n');
}

const half = {
  type: 'download',
  progress: {
    file: 'model-00001-of-00002.safetensors',
    state: 'downloading',
    doneBytes: 2.9e9,
    totalBytes: 5e9,
    bytesPerSecond: 84e6,
    secondsLeft: 25,
  },
} as const;
const done = { ...half, progress: { ...half.progress, state: 'done', doneBytes: 5e9 } } as const;

describe('bars of a pull', () => {
  it.each([80, 100, 200])('fit %i columns and say rate and time left', (columns) => {
    const screen = terminal(columns);
    const bars = new ProgressBars(screen, { isQuiet: false, isColored: false });
    showPull(half, bars, 'int4', () => undefined);
    const [line] = lastLines(screen.text);
    expect(line).toMatch(/^model-00001-of-00002 {2}━+╸ +58 % {2}2\.9 GB\/5\.0 GB {2}84 MB\/s {2}25 s$/);
    expect(line.length).toBeLessThan(columns);
  });

  it('never wrap, however narrow the terminal', () => {
    for (const columns of [20, 30, 40, 60]) {
      const screen = terminal(columns);
      const bars = new ProgressBars(screen, { isQuiet: false, isColored: false });
      showPull(half, bars, 'int4', () => undefined);
      expect(lastLines(screen.text)[0].length).toBeLessThan(columns);
    }
  });

  it('are redrawn in place, at most ten times a second', () => {
    const screen = terminal(100);
    let now = 0;
    const bars = new ProgressBars(screen, { isQuiet: false, isColored: false }, () => now);
    for (let i = 0; i < 10; i++) {
      now += 20;
      showPull(half, bars, 'int4', () => undefined);
    }
    expect(screen.text.split('\n').length - 1).toBe(2);
    showPull(done, bars, 'int4', () => undefined);
    expect(lastLines(screen.text)).toHaveLength(1);
    expect(lastLines(screen.text)[0]).toContain('100 %  5.0 GB  checked');
  });

  it('show the conversion below the files, where it is, and what it waits for', () => {
    const screen = terminal(100);
    let now = 0;
    const bars = new ProgressBars(screen, { isQuiet: false, isColored: false }, () => now);
    const show = (detail: string): void => {
      now += 1000;
      const progress = { part: 'decoder', detail, share: 0.27 };
      showPull({ type: 'import', progress }, bars, 'int4', () => undefined);
    };
    show('layer 5 of 18');
    showPull(half, bars, 'int4', () => undefined);
    show('layer 5 of 18');
    expect(lastLines(screen.text).map((line) => line.replace(/ *[━╸]+ */, ' '))).toEqual([
      'model-00001-of-00002 58 %  2.9 GB/5.0 GB  84 MB/s  25 s',
      'converting 27 %  decoder, layer 5 of 18',
    ]);
    show('waiting for model-00001-of-00002.safetensors');
    expect(lastLines(screen.text)[1]).toMatch(/27 % {2}waiting for model-00001$/);
  });

  it('are one plain line for each file in a log, and none when quiet', () => {
    const log = terminal(undefined);
    const bars = new ProgressBars(log, { isQuiet: false, isColored: false });
    const steps = ['vision', 'vision', 'decoder'].map(
      (part, i) => ({ type: 'import', progress: { part, share: i / 3 } }) as const,
    );
    for (const event of [half, half, done, done, ...steps]) showPull(event, bars, 'int4', () => undefined);
    expect(log.text).toBe('model-00001-of-00002  5.0 GB  checked\nconverting  vision\nconverting  decoder\n');
    const quiet = terminal(100);
    const none = new ProgressBars(quiet, { isQuiet: true, isColored: false });
    showPull(done, none, 'int4', () => undefined);
    none.finish();
    expect(quiet.text).toBe('');
  });

  it('let no name steer the terminal', () => {
    const screen = terminal(100);
    const bars = new ProgressBars(screen, { isQuiet: false, isColored: false });
    bars.show({ name: 'a\u001b[2J\nb', share: 0.5, note: 'x', isDone: false });
    expect(screen.text).not.toContain('\u001b[2J');
    expect(lastLines(screen.text)).toHaveLength(1);
  });
});
