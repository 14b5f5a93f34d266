import type * as BullMQ from 'bullmq';
import type { Redis as RedisClient } from 'ioredis';
import type { Pool as PgPool } from 'pg';
import { ToolMissingError } from '../../base/errors.js';
import type { QueueAddress } from './queue-address.js';

const packages: Readonly<Record<QueueAddress['kind'], readonly string[]>> = {
  redis: ['bullmq', 'ioredis'],
  postgres: ['bullmq', 'pg'],
};

/** The queue, and the driver of Redis. @throws {ToolMissingError} a package is not installed. */
export async function loadRedisPackages(): Promise<{
  bullmq: typeof BullMQ;
  Redis: typeof RedisClient;
}> {
  try {
    const [bullmq, { Redis }] = [await import('bullmq'), await import('ioredis')];
    return { bullmq, Redis };
  } catch (error) {
    throw notInstalled('redis', error);
  }
}

/** The queue, and the driver of PostgreSQL. @throws {ToolMissingError} a package is not installed. */
export async function loadPostgresPackages(): Promise<{
  bullmq: typeof BullMQ;
  Pool: typeof PgPool;
}> {
  try {
    const [bullmq, { Pool }] = [await import('bullmq'), await import('pg')];
    return { bullmq, Pool };
  } catch (error) {
    throw notInstalled('postgres', error);
  }
}

function notInstalled(kind: QueueAddress['kind'], error: unknown): unknown {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return error;
  const names = packages[kind];
  const missing = names.find((name) => message.includes(`'${name}'`)) ?? names.join(' and ');
  const server = kind === 'redis' ? 'Redis' : 'PostgreSQL';
  return new ToolMissingError(
    'PACKAGE_MISSING',
    `A queue on ${server} needs the packages ${names.join(' and ')}; ${missing} is not installed.`,
    {
      hint: `Install them beside pali: npm install ${names.join(' ')} (with -g where pali was installed with -g).`,
    },
  );
}
