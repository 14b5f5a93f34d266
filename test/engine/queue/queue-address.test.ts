import { describe, expect, it } from 'vitest';
import { PaliError } from '../../../src/base/errors.js';
import { readQueueUrl } from '../../../src/engine/queue/queue-address.js';
import { toQueueError } from '../../../src/engine/queue/queue-errors.js';

const SECRET = 'geheim';

describe('the address of a queue', () => {
  it.each([
    ['redis://host', 'redis', 'pali', 'redis://host', 'redis://host'],
    [
      `redis://:${SECRET}@host:6379/2`,
      'redis',
      'pali',
      'redis://host:6379/2',
      `redis://:${SECRET}@host:6379/2`,
    ],
    ['rediss://u:p@host/0?name=photos', 'redis', 'photos', 'rediss://host/0', 'rediss://u:p@host/0'],
    ['valkeys://host:6380', 'redis', 'pali', 'valkeys://host:6380', 'rediss://host:6380'],
    [
      'postgres://u:p@db/pali?sslmode=require&name=n.1',
      'postgres',
      'n.1',
      'postgres://db/pali',
      'postgres://u:p@db/pali?sslmode=require',
    ],
  ])('%s', (text, kind, name, shown, url) => {
    expect(readQueueUrl(text)).toEqual({ kind, name, shown, url });
  });

  it('takes a name that is given beside it', () => {
    expect(readQueueUrl('redis://host?name=one', 'two').name).toBe('two');
  });

  it.each([
    'host:6379',
    '',
    'redis://',
    `http://u:${SECRET}@host`,
    `redis://u:${SECRET}@`,
    `redis://u:${SECRET}@host:port`,
    `redis:/u:${SECRET}@host`,
    `redis://u:ge/h?ei#${SECRET}@host/name`,
    `redis://host/?password=${SECRET}`,
    `redis://u:${SECRET}@host/name`,
    `postgres://u:@${SECRET}@/`,
    `redis://${SECRET}\n:x@`,
  ])('refuses %s in a sentence without its secrets', (text) => {
    let error: unknown;
    try {
      const { shown } = readQueueUrl(text);
      expect(shown).not.toContain(SECRET);
      return;
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PaliError);
    expect(error).toMatchObject({ exitCode: 2, hint: expect.stringContaining('redis://') as string });
    expect((error as Error).message).not.toContain(SECRET);
  });

  it.each(['a b', 'a:b', '../x', 'ä', '-x', 'a'.repeat(65), "x'; DROP", ''])(
    'refuses the name %j',
    (name) => {
      expect(() => readQueueUrl('redis://host', name)).toThrow('A queue cannot be called');
    },
  );
});

describe('what a driver throws', () => {
  const shown = 'redis://host:6379';
  const say = (error: unknown): string => {
    const { message, hint, cause } = toQueueError(error, { shown });
    expect(hint).toBeTruthy();
    // A driver's error repeats the command, and that may be AUTH with the password.
    expect(cause).toBeUndefined();
    return message;
  };

  it.each([
    [{ code: 'ECONNREFUSED', message: 'x' }, 'does not answer: nothing listens there'],
    [{ errors: [{ code: 'ECONNREFUSED', message: 'x' }] }, 'does not answer: nothing listens there'],
    [
      { message: 'WRONGPASS invalid username-password pair', command: { args: [SECRET] } },
      'refuses the password',
    ],
    [{ message: 'NOAUTH Authentication required.' }, 'asks for a password'],
    [{ code: '28P01', message: 'password authentication failed' }, 'refuses the password'],
    [{ code: '3D000', message: 'x' }, 'has no such database'],
    [{ code: '42501', message: 'x' }, 'lets this user create no tables'],
    [{ code: '53300', message: 'x' }, 'takes no more connections'],
    [
      { message: "OOM command not allowed when used memory > 'maxmemory'." },
      'has no more room in its memory',
    ],
    [{ message: 'MISCONF Redis is configured to save RDB snapshots' }, 'writes nothing any more'],
    [{ message: 'READONLY You can’t write against a read only replica.' }, 'is a copy that takes no writes'],
    [{ message: 'The server does not support SSL connections' }, 'does not speak TLS'],
    [{ message: 'self-signed certificate' }, 'has a certificate that is not trusted'],
    [{ message: 'Protocol error, got "H" as reply type byte' }, 'is no Redis'],
    [{ message: 'something\u001b[31m else.' }, 'failed: something else'],
    [{}, 'failed: no reason given'],
  ])('%j', (error, why) => {
    expect(say(error)).toContain(`The queue ${shown} ${why}`);
    expect(say(error)).not.toContain(SECRET);
  });
});
