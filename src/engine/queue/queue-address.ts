import { UsageError } from '../../base/errors.js';

/** Where a queue is, and what it is called. */
export interface QueueAddress {
  readonly kind: 'redis' | 'postgres';
  /** For the driver, with the password: never to be printed. */
  readonly url: string;
  /** Several queues on one server are told apart by their names. */
  readonly name: string;
  /** The address for people: without password and parameters. */
  readonly shown: string;
}

const DEFAULT_NAME = 'pali';
const KINDS: Readonly<Record<string, QueueAddress['kind']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'valkey:': 'redis',
  'valkeys:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};
const HINT =
  'It looks like redis://user:password@host:6379/0, rediss://... with TLS, or postgres://user:password@host:5432/database. Special characters in a password are written as %40 and so on.';

/**
 * Read the address of a queue. `?name=NAME` in it names the queue.
 * @param name has precedence over the name in the address.
 * @throws {UsageError} it is not one; the sentence repeats no password.
 */
export function readQueueUrl(text: string, name?: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = url === undefined ? undefined : KINDS[url.protocol];
  if (url === undefined || kind === undefined || url.hostname === '') {
    throw new UsageError('OPTION_VALUE', `'${withoutSecrets(text)}' is not the address of a queue.`, {
      hint: HINT,
    });
  }
  const shown = `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
  if (kind === 'redis' && !/^\/?\d*$/.test(url.pathname)) {
    throw new UsageError('OPTION_VALUE', `${shown} names no database of Redis: they are numbers.`, {
      hint: 'Write redis://host:6379/0. The queue is named with ?name=NAME.',
    });
  }
  const named = readQueueName(name ?? url.searchParams.get('name') ?? DEFAULT_NAME);
  url.searchParams.delete('name');
  const driverUrl = url.href.replace(/^valkey/, 'redis');
  return { kind, url: driverUrl, name: named, shown };
}

/** @throws {UsageError} it has characters that keys and tools do not take. */
function readQueueName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw new UsageError('OPTION_VALUE', `A queue cannot be called '${name.slice(0, 100)}'.`, {
    hint: 'Its name has up to 64 letters, digits, dots, hyphens and underscores, and begins with a letter or a digit.',
  });
}

/** Whatever was given, cut down to what cannot be a password. */
function withoutSecrets(text: string): string {
  const [, start = '', end] = /^(\w+:\/\/)?(?:.*@)?([^@]*)$/s.exec(text) ?? [];
  return `${start}${text.includes('@') ? '***@' : ''}${(end ?? '').replace(/\?.*$/s, '').slice(0, 100)}`;
}
