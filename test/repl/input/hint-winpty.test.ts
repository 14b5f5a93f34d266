import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hintWinpty, type PipeFacts } from '../../../src/repl/input/hint-winpty.js';

const gitBash: PipeFacts = {
  platform: 'win32',
  env: { MSYSTEM: 'MINGW64', TERM_PROGRAM: 'mintty' },
  isTerminal: false,
};

describe('the window of Git Bash without a pseudo console', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told of winpty, instead of waiting in silence', () => {
    const say = vi.fn();
    hintWinpty(gitBash, say);
    vi.advanceTimersByTime(1999);
    expect(say).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(say.mock.calls).toEqual([[expect.stringContaining('winpty pali')]]);
  });

  it('is told nothing where lines arrive, on a terminal, or in another shell', () => {
    const say = vi.fn();
    hintWinpty(gitBash, say)();
    hintWinpty({ ...gitBash, isTerminal: true }, say);
    hintWinpty({ ...gitBash, env: {} }, say);
    hintWinpty({ ...gitBash, platform: 'linux' }, say);
    vi.advanceTimersByTime(10_000);
    expect(say).not.toHaveBeenCalled();
  });
});
