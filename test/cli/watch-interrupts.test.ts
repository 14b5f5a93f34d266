import { describe, expect, it } from 'vitest';
import { isReaderGone } from '../../src/cli/watch-interrupts.js';

describe('a pipe that nobody reads any more', () => {
  it.each([
    ['EPIPE', 'linux', true],
    ['EPIPE', 'win32', true],
    ['EOF', 'win32', true],
    ['EOF', 'linux', false],
    ['ENOSPC', 'win32', false],
  ] as const)('%s on %s: %s', (code, platform, isGone) => {
    expect(isReaderGone(Object.assign(new Error(code), { code }), platform)).toBe(isGone);
  });
});
