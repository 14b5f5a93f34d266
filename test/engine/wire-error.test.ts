import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  CancelledError,
  DamagedFileError,
  EngineError,
  InputError,
  ModelError,
  NetworkError,
  ToolMissingError,
  UsageError,
} from '../../src/base/errors.js';
import { packError, unpackError, wireErrorSchema } from '../../src/engine/wire-error.js';

describe('packError and unpackError', () => {
  it.each([
    new UsageError('A', 'message', { hint: 'hint' }),
    new InputError('A', 'message', { hint: 'hint' }),
    new ModelError('A', 'message'),
    new NetworkError('A', 'message'),
    new DamagedFileError('A', 'message'),
    new EngineError('A', 'message'),
    new ToolMissingError('A', 'message'),
    new CancelledError('Stopped.'),
  ])('brings back a $name', (error) => {
    const packed = v.parse(wireErrorSchema, structuredClone(packError(error)));
    const back = unpackError(packed);
    expect(back.constructor).toBe(error.constructor);
    const { code, message, hint, exitCode } = error;
    expect(back).toMatchObject({ code, message, hint, exitCode });
  });

  it('brings back a bug with the place where it happened', () => {
    const bug = new TypeError('x is undefined');
    const back = unpackError(packError(bug));
    expect(back.message).toBe('x is undefined');
    expect(back.stack).toBe(bug.stack);
  });

  it('takes any thrown value', () => {
    expect(unpackError(packError('just text')).message).toBe('just text');
  });

  it('bounds what travels', () => {
    expect(packError(new EngineError('A', 'x'.repeat(1e6))).message.length).toBeLessThan(10_000);
  });
});
