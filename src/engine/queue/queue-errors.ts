import { NetworkError, PaliError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';
import type { QueueAddress } from './queue-address.js';

interface Explanation {
  readonly kind: 'unreachable' | 'refused' | 'full';
  /** The end of a sentence that begins with the queue. */
  readonly why: string;
  readonly hint: string;
}

const START = 'Start the server, or correct the address: --queue or PALI_QUEUE_URL.';
const LOGIN = 'Correct user and password in PALI_QUEUE_URL; special characters are written as %40 and so on.';
const ROOM = 'Give it more memory (maxmemory), or keep fewer pictures under way: --jobs 8.';

const unreachable = (why: string, hint = START): Explanation => ({ kind: 'unreachable', why, hint });
const refused = (why: string, hint = LOGIN): Explanation => ({ kind: 'refused', why, hint });

/** By the code of Node or PostgreSQL. */
const byCode: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: unreachable('does not answer: nothing listens there'),
  ENOTFOUND: unreachable('is not known: its host has no address'),
  EAI_AGAIN: unreachable('is not known: its host could not be looked up'),
  EHOSTUNREACH: unreachable('cannot be reached'),
  ENETUNREACH: unreachable('cannot be reached'),
  ETIMEDOUT: unreachable('does not answer'),
  ECONNRESET: unreachable('broke the connection', 'A server that expects TLS needs rediss://.'),
  '28P01': refused('refuses the password'),
  '28000': refused('refuses this user'),
  '3D000': refused('has no such database', 'Create it: createdb NAME'),
  '42501': refused('lets this user create no tables', 'GRANT CREATE ON DATABASE name TO user;'),
  '53300': unreachable(
    'takes no more connections',
    'Raise max_connections: a worker holds up to 5, a producer 5.',
  ),
  '53100': { kind: 'full', why: 'has no more room on its disk', hint: 'Make room there.' },
  '57P03': unreachable('is starting', 'Wait a moment, and run the command again.'),
  '57P01': unreachable('is shutting down'),
};

/** By what the server or the driver says. */
const byText: readonly (readonly [RegExp, Explanation])[] = [
  [/WRONGPASS|invalid password|invalid username/i, refused('refuses the password')],
  [/NOAUTH|Authentication required/i, refused('asks for a password')],
  [/password must be a string|no password/i, refused('asks for a password')],
  [
    /NOPERM/,
    refused('does not permit this user what a queue needs', 'Give it ~* &* +@all, or another user.'),
  ],
  [/^OOM|OOM command not allowed/, { kind: 'full', why: 'has no more room in its memory', hint: ROOM }],
  [
    /MISCONF/,
    {
      kind: 'full',
      why: 'writes nothing any more, since it cannot save to its disk',
      hint: 'Its log says why; make room on the disk there.',
    },
  ],
  [/READONLY/, refused('is a copy that takes no writes', 'Name the primary server.')],
  [
    /DB index is out of range/,
    refused('has no database of this number', 'The first is redis://host:6379/0.'),
  ],
  [/max number of clients/, unreachable('takes no more connections', 'Raise maxclients there.')],
  [/LOADING/, unreachable('is starting', 'Wait a moment, and run the command again.')],
  [
    /does not support SSL|wrong version number|packet length too long|EPROTO/i,
    unreachable('does not speak TLS', 'Write redis:// instead of rediss://, or leave out sslmode.'),
  ],
  [
    /self.signed|unable to verify|certificate/i,
    unreachable(
      'has a certificate that is not trusted',
      'Name the authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
    ),
  ],
  [/Protocol error|Parse.?Error|RESP type/i, unreachable('is no Redis', 'Check the port.')],
  [/^TLS timed out/, unreachable('does not answer with TLS', 'Where it has none, write redis://.')],
  [/timeout|timed out/i, unreachable('does not answer')],
];

/**
 * What a driver or the queue threw, as a sentence. The original is left out: a driver's error repeats the command that
 * failed, which may be the one with the password.
 */
export function toQueueError(error: unknown, address: Pick<QueueAddress, 'shown'>): PaliError {
  if (error instanceof PaliError) return error;
  const { code = '', message = '' } = flatten(error);
  const known = byCode[code] ?? byText.find(([pattern]) => pattern.test(message))?.[1];
  const { kind, why, hint } = known ?? unreachable(`failed: ${endless(message || code)}`);
  const sentence = `The queue ${address.shown} ${why}.`;
  switch (kind) {
    case 'unreachable':
      return new NetworkError('QUEUE_UNREACHABLE', sentence, { hint });
    case 'refused':
      return new NetworkError('QUEUE_REFUSED', sentence, { hint });
    case 'full':
      return new NetworkError('QUEUE_FULL', sentence, { hint });
  }
}

/** A driver's sentence without its stop. */
function endless(sentence: string): string {
  return showName(sentence || 'no reason given').replace(/\.$/, '');
}

/** A host with several addresses fails with an error for each. */
function flatten(error: unknown): { code?: string; message?: string } {
  const first = (error as AggregateError).errors?.[0] as unknown;
  return (first ?? error) as { code?: string; message?: string };
}
