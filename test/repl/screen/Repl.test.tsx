import '../../../src/repl/screen/draw-in-ci.js';
import { render } from 'ink';
import { describe, expect, it } from 'vitest';
import { Repl } from '../../../src/repl/screen/Repl.js';
import {
  startSession,
  type OpenPicture,
  type SessionState,
} from '../../../src/repl/session/state/session-state.js';
import { reduceSession } from '../../../src/repl/session/state/reduce-session.js';
import { defaultSettings } from '../../../src/repl/session/state/settings.js';
import { Placeholders } from '../../../src/repl/screen/terminal/placeholders.js';
import { createStore } from '../../../src/repl/session/state/store.js';
import { createTheme } from '../../../src/repl/screen/terminal/theme.js';
import { reduceUi, startUi } from '../../../src/repl/screen/ui-state.js';
import { setText } from '../../../src/repl/input/editor.js';

const image = { width: 64, height: 32, data: new Uint8Array(64 * 32 * 3) };
const picture: OpenPicture = { name: 'photos/cat.png', image, thumbnail: image, decodeMs: 1 };
const object = {
  label: 'cat',
  score: 0.97,
  boxScore: 0.9,
  box: { x0: 1, y0: 2, x1: 30, y1: 20 },
  bins: [64, 16, 640, 480],
} as const;

/** The last frame for this state, finished blocks first. */
function draw(
  change: (state: SessionState) => SessionState,
  { columns = 80, rows = 24, ui = {}, isScreenReader = false } = {},
): string {
  let frame = '';
  const stdout = {
    columns,
    isTTY: true,
    on: () => undefined,
    off: () => undefined,
    // The last thing that Ink writes is that the cursor is shown.
    write: (text: string) => (frame = text.startsWith('\u001b[?25') ? frame : text),
  };
  const model = { name: 'demo', dtype: 'fp32', device: 'cpu', phase: 'ready', wantedDevice: 'auto' } as const;
  const session = createStore(change(startSession(defaultSettings, model)), reduceSession);
  const uiStore = createStore({ ...startUi([], { columns, rows }), ...ui }, reduceUi);
  const profile = { theme: createTheme({ colors: 'none', isUnicode: true }), env: {}, isScreenReader };
  const output = { setCursor: () => undefined, placeholders: new Placeholders() };
  const app = render(<Repl session={session} ui={uiStore} profile={profile} output={output} />, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    debug: true,
    patchConsole: false,
  });
  app.unmount();
  return output.placeholders.resolve(frame);
}

const openCat = (state: SessionState): SessionState => reduceSession(state, { type: 'open', picture });

describe('Repl', () => {
  it('shows an input line in a frame, and what is loaded below it', () => {
    const frame = draw(openCat);
    expect(frame).toContain('│   (detect cat ; dog     caption en     or ask a question)');
    expect(frame).toMatch(/cat\.png 64×32 · demo fp32 · cpu +\/ commands {2}@ files/);
  });

  it('shows the boxes of a growing answer, the last one without a score', () => {
    const growing = { ...object, label: 'do' };
    const frame = draw((state) => ({
      ...openCat(state),
      run: {
        line: 'detect cat ; dog',
        step: 'answering',
        isObjectTask: true,
        progress: { tokens: 9, text: '', objects: [object, growing], tokensPerSecond: 38.4 },
      },
    }));
    expect(frame).toMatch(/› detect cat ; dog\n {2}● cat +▇+ 0\.97 +1, +2 +30, +20\n {2}● do \.\.\./);
    expect(frame).toContain('2 found · 9 tokens · 38 tok/s · esc stops');
  });

  it('says in place how an answer ended', () => {
    const answer = (change: object): string =>
      draw((state) => {
        const result = { input: 'cat.png', task: 'detect', prompt: 'detect cat', detections: [] } as const;
        const block = {
          type: 'answer',
          line: 'detect cat',
          result,
          seconds: 0.421,
          isCancelled: false,
          maxTokens: 256,
          ...change,
        };
        return { ...state, blocks: [block] } as SessionState;
      });
    expect(answer({})).toMatch(/› detect cat\n {2}none found\n {2}0\.42 s/);
    const detections = [object];
    const result = { input: 'cat.png', task: 'detect', prompt: 'detect cat', detections };
    expect(answer({ result })).toContain('1 object · 0.42 s');
    expect(answer({ result, isCancelled: true })).toContain('1 object · cancelled · 0.42 s');
    expect(answer({ result: { ...result, truncated: true } })).toContain(
      'stopped at 256 tokens; /set max-tokens 512',
    );
  });

  it('shows nothing that could steer the terminal', () => {
    const frame = draw((state) => ({
      ...state,
      blocks: [
        { type: 'error', message: 'no \u001b[2Jfile', hint: '\u0007', exitCode: 3 },
        {
          type: 'answer',
          line: 'caption \u001b]0;x\u0007',
          result: { input: 'a', task: 'caption', prompt: 'caption en', text: 'a\u001b[Hcat\u009b2J' },
          seconds: 1,
          isCancelled: false,
          maxTokens: 128,
          pictureName: 'evil\u001bc.png',
        },
      ],
    }));
    // The input line's frame is closed in its column.
    const shown = frame.replaceAll('\u001b[80G', '');
    // eslint-disable-next-line no-control-regex
    expect(shown.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g) ?? []).toEqual([]);
  });

  it('leaves the frame out in a narrow window, and never is wider or as high as it', () => {
    const long = 'word '.repeat(60);
    for (const [columns, rows] of [
      [40, 24],
      [24, 10],
      [80, 8],
      [20, 5],
    ]) {
      const base = startUi([], { columns, rows });
      const ui = { input: { ...base.input, editor: setText(base.input.editor, long) } };
      const frame = draw(openCat, { columns, rows, ui });
      const lines = frame.split('\n');
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      if (columns < 50) expect(frame).not.toMatch(/[╭│]/);
    }
  });

  it('has the line last and no frame for a screen reader', () => {
    const base = startUi([], { columns: 80, rows: 24 });
    const ui = { input: { ...base.input, editor: setText(base.input.editor, 'detect cat') } };
    const lines = draw(openCat, { ui, isScreenReader: true }).trimEnd().split('\n');
    expect(lines.at(-1)).toBe('› detect cat');
  });
});
