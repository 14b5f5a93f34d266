import fc from 'fast-check';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { FrameOutput } from '../../../../src/repl/screen/terminal/frame-output.js';

/** What Ink writes to take a frame of so many rows away. */
function eraseRows(rows: number): string {
  return `${'\u001b[2K\u001b[1A'.repeat(rows)}\u001b[2K\u001b[G`;
}

async function read(screen: xterm.Terminal): Promise<string[]> {
  await new Promise<void>((settle) => screen.write('', settle));
  const { active } = screen.buffer;
  const lines = Array.from({ length: active.length }, (_, row) =>
    active.getLine(row)!.translateToString(true).trimEnd(),
  );
  return lines.join('\n').trimEnd().split('\n');
}

/** A terminal that ends lines as one in raw mode, where line feeds also return. */
function makeTerminal(columns: number): { screen: xterm.Terminal; output: FrameOutput; bytes: () => string } {
  const screen = new xterm.Terminal({ cols: columns, rows: 12, allowProposedApi: true, convertEol: true });
  let bytes = '';
  const terminal = {
    columns,
    write: (text: string) => {
      bytes += text;
      screen.write(text);
    },
  };
  return { screen, output: new FrameOutput(terminal), bytes: () => bytes };
}

describe('FrameOutput', () => {
  it('shows each frame as Ink meant it, below what is finished', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '猫'), maxLength: 12 });
    const frame = fc.array(line, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ frame, finished: fc.option(line, { nil: undefined }) }), { minLength: 1 }),
        async (steps) => {
          const { screen, output } = makeTerminal(30);
          const above: string[] = [];
          let rows = -1;
          for (const [index, step] of steps.entries()) {
            const text = `${step.frame.join('\n')}\n`;
            const erase = rows < 0 ? '' : eraseRows(rows);
            if (step.finished === undefined) output.write(erase + text);
            else {
              if (erase !== '') output.write(erase);
              output.write(`${step.finished}\n`);
              output.write(text);
              above.push(step.finished);
            }
            rows = step.frame.length;
            output.setCursor({ rowsUp: 1 + (index % rows), column: index % 5 });
            output.flush();
          }
          const expected = [...above, ...steps.at(-1)!.frame].map((one) => one.trimEnd());
          expect(await read(screen)).toEqual(expected.join('\n').trimEnd().split('\n'));
          screen.dispose();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes only the lines that changed', () => {
    const { output, bytes } = makeTerminal(30);
    output.write('same\nold\nsame too\n');
    output.flush();
    const from = bytes().length;
    output.write(`${eraseRows(3)}same\nnew\nsame too\n`);
    output.flush();
    expect(bytes().slice(from)).toContain('new');
    expect(bytes().slice(from)).not.toContain('same');
  });

  it('puts a picture in the place of its placeholder', async () => {
    const { screen, output } = makeTerminal(30);
    const placeholder = output.placeholders.add('\u001b[31m▀▀▀\u001b[0m');
    output.write(`[${placeholder}]\n`);
    output.flush();
    expect(await read(screen)).toEqual(['[▀▀▀]']);
  });

  it('clears a frame that a narrower window broke, and nothing above it', async () => {
    const screen = new xterm.Terminal({ cols: 30, rows: 12, allowProposedApi: true, convertEol: true });
    let bytes = '';
    const terminal = {
      columns: 30,
      write: (text: string) => {
        bytes += text;
        screen.write(text);
      },
    };
    const output = new FrameOutput(terminal, { isXtermJs: true });
    output.write('finished\n');
    output.write(`${'a'.repeat(25)}\nb\n`);
    output.setCursor({ rowsUp: 1, column: 1 });
    output.flush();
    await read(screen);
    screen.resize(10, 12);
    terminal.columns = 10;
    const from = bytes.length;
    output.resize();
    expect(await read(screen)).toEqual(['finished']);
    // tmux moves a window that is cleared whole into its scrollback.
    expect(bytes.slice(from)).not.toContain('\u001b[J');
    output.write(`${eraseRows(2)}new\n`);
    output.flush();
    expect(await read(screen)).toEqual(['finished', 'new']);
  });

  it('leaves the cursor below the frame when it is closed', async () => {
    const { screen, output } = makeTerminal(30);
    output.write('a\nb\n');
    output.setCursor({ rowsUp: 2, column: 0 });
    output.flush();
    await read(screen);
    expect(screen.buffer.active.cursorY).toBe(0);
    output.close();
    await read(screen);
    expect(screen.buffer.active.cursorY).toBe(2);
  });
});
