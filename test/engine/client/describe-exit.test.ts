import { describe, expect, it } from 'vitest';
import { describeExit, type ProcessEnd } from '../../../src/engine/client/describe-exit.js';

describe('describeExit', () => {
  it.each<[ProcessEnd, string, string, string]>([
    [{ code: null, signal: 'SIGKILL' }, '', 'ENGINE_OUT_OF_MEMORY', 'probably because it ran out of memory'],
    [
      { code: null, signal: 'SIGABRT' },
      'FATAL ERROR: JavaScript heap out of memory',
      'ENGINE_OUT_OF_MEMORY',
      'ran out of memory',
    ],
    [{ code: 1, signal: null }, 'what():  std::bad_alloc', 'ENGINE_OUT_OF_MEMORY', 'ran out of memory'],
    [{ code: null, signal: 'SIGSEGV' }, '', 'ENGINE_DIED', 'crashed (SIGSEGV: an invalid memory access)'],
    [{ code: null, signal: 'SIGILL' }, '', 'ENGINE_DIED', 'an instruction that this processor does not have'],
    [{ code: null, signal: 'SIGTERM' }, '', 'ENGINE_DIED', 'was ended by the signal SIGTERM'],
    [{ code: 3, signal: null }, '', 'ENGINE_DIED', 'exit code 3'],
    [{ code: 0xc0000005, signal: null }, '', 'ENGINE_DIED', 'crashed (an invalid memory access)'],
    [
      { code: null, signal: null, startError: new Error('spawn ENOMEM') },
      '',
      'ENGINE_START_FAILED',
      'spawn ENOMEM',
    ],
  ])('%j %s', (end, stderrText, code, words) => {
    const error = describeExit(end, stderrText);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.hint).toBeDefined();
  });

  it('keeps what the engine wrote as the cause', () => {
    const { cause } = describeExit({ code: 1, signal: null }, 'last words');
    expect((cause as Error).message).toContain('last words');
  });
});
