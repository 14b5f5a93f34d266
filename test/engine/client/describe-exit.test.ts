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

  it.each([
    [
      'Error: Error loading shared library ld-linux-x86-64.so.2: No such file (needed by /a/onnxruntime_binding.node)',
      'no glibc',
    ],
    [
      "Error: /lib/libc.so.6: version `GLIBC_2.38' not found (required by libonnxruntime.so.1)",
      'older than it can run on',
    ],
    ["Error: Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'", 'there is none for'],
    ['Error: dlopen(/a/onnxruntime_binding.node): Symbol not found: __ZNSt3', 'this macOS is older'],
    [
      'Error: The specified module could not be found. C:\\a\\onnxruntime_binding.node ERR_DLOPEN_FAILED',
      'Visual C++',
    ],
    ['Error: onnxruntime_binding.node: invalid ELF header ERR_DLOPEN_FAILED', 'the system refuses it'],
  ])('%s', (stderrText, words) => {
    const error = describeExit({ code: 1, signal: null }, stderrText);
    expect(error.code).toBe('ENGINE_START_FAILED');
    expect(error.message).toContain('The library that runs models cannot be loaded: ');
    expect(error.message).toContain(words);
    expect(error.hint).not.toContain('--device cpu');
  });

  it('keeps what the engine wrote as the cause', () => {
    const { cause } = describeExit({ code: 1, signal: null }, 'last words');
    expect((cause as Error).message).toContain('last words');
  });
});
