import { describe, expect, it } from 'vitest';
import { formatStatus } from '../../../../src/repl/screen/live/format-status.js';
import { startSession, type SessionState } from '../../../../src/repl/session/state/session-state.js';
import { defaultSettings } from '../../../../src/repl/session/state/settings.js';
import { createTheme } from '../../../../src/repl/screen/terminal/theme.js';

const theme = createTheme({ colors: 'none', isUnicode: false });
const image = { width: 640, height: 480, data: new Uint8Array(0) };
const state: SessionState = {
  ...startSession(defaultSettings, {
    name: 'demo',
    dtype: 'fp32',
    device: 'cpu',
    phase: 'ready',
    wantedDevice: 'auto',
  }),
  pictures: [{ name: 'photos/cat.png', image, thumbnail: image, decodeMs: 0 }],
  current: 0,
  tokensPerSecond: 43,
};

function show(columns: number, change: Partial<SessionState> = {}): string {
  return formatStatus({ ...state, ...change }, theme, columns);
}

describe('formatStatus', () => {
  it('leaves out what matters least where the window is narrow', () => {
    expect(show(80)).toMatch(
      /^ {2}cat\.png 640x480 - demo fp32 - cpu - 43 tok\/s {4,}\/ commands {2}@ files$/,
    );
    expect(show(44)).toBe('  cat.png 640x480 - demo fp32 - cpu');
    expect(show(34)).toBe('  cat.png - demo fp32 - cpu');
    expect(show(26)).toBe('  cat.png - demo - cpu');
    expect(show(14).length).toBeLessThanOrEqual(12);
  });

  it('names the server that answers, where there is room', () => {
    const model = { ...state.model, server: 'server http://gpu:11500' };
    expect(show(100, { model })).toContain('- demo fp32 - cpu - server http://gpu:11500 - 43 tok/s');
    expect(show(34, { model })).toBe('  cat.png - demo - cpu');
  });

  it('tells how far the model is loaded, also in 40 columns', () => {
    const model = { ...state.model, phase: 'loading' as const, loadedShare: 0.629 };
    expect(show(40, { model })).toContain('loading 62 %');
    expect(show(80, { model: { ...model, loadedShare: undefined } })).toContain('- loading ');
  });

  it('tells of lines that wait, also in 40 columns', () => {
    const queue = ['one', 'two'];
    expect(show(80, { queue })).toMatch(/ 2 lines waiting$/);
    expect(show(40, { queue })).toBe('  2 lines waiting - demo - cpu');
  });
});
