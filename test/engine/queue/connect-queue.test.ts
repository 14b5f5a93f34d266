import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PaliError } from '../../../src/base/errors.js';
import { connectQueue } from '../../../src/engine/queue/connect-queue.js';
import { readQueueUrl } from '../../../src/engine/queue/queue-address.js';
import { postgresMissing, redisMissing, startPostgres, startRedis } from '../../support/queue-servers.js';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A server that answers whatever comes, command by command. */
async function serve(answer: (command: string) => string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of data.toString().split(/^\*/m).slice(1)) socket.write(answer(command));
    });
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** What connecting fails with. Nothing that it says may hold the password. */
async function failureOf(url: string, connectMs?: number): Promise<PaliError> {
  const error: unknown = await connectQueue(readQueueUrl(url), {
    onNote: () => undefined,
    ...(connectMs !== undefined && { connectMs }),
  }).then(
    async (queue) => queue.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PaliError);
  const known = error as PaliError;
  for (const text of [known.message, known.hint ?? '', known.stack ?? '', String(known.cause)]) {
    expect(text).not.toContain('geheim');
  }
  expect(known.hint).toBeTruthy();
  return known;
}

describe('connecting to a queue', () => {
  it.each(['redis', 'postgres'])('says that nothing listens there: %s', async (kind) => {
    const port = await serve(() => '');
    servers[0].close();
    const { message, code } = await failureOf(`${kind}://u:geheim@127.0.0.1:${port}/0`);
    expect(message).toBe(`The queue ${kind}://127.0.0.1:${port}/0 does not answer: nothing listens there.`);
    expect(code).toBe('QUEUE_UNREACHABLE');
  });

  it('refuses Redis 4', async () => {
    const info = '# Server\r\nredis_version:4.0.14\r\nloading:0\r\n';
    const bulk = `$${info.length}\r\n${info}\r\n`;
    const port = await serve((said) => {
      if (/hello/i.test(said)) return "-ERR unknown command 'HELLO'\r\n";
      return /\binfo\b/i.test(said) ? bulk : '+OK\r\n';
    });
    const { message, code } = await failureOf(`redis://127.0.0.1:${port}`);
    expect([code, message]).toEqual([
      'QUEUE_VERSION',
      `The queue redis://127.0.0.1:${port} is Redis 4.0.14; jobs need version 5.`,
    ]);
  });

  it('says that another program listens there', async () => {
    const port = await serve(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect((await failureOf(`redis://127.0.0.1:${port}`)).message).toContain('is no Redis');
  });

  it.skipIf(redisMissing)('says that Redis refuses the password, or asks for one', async () => {
    const server = await startRedis();
    try {
      const wrong = await failureOf(`redis://:geheim@127.0.0.1:${server.port}/0`);
      expect(wrong.message).toBe(`The queue redis://127.0.0.1:${server.port}/0 refuses the password.`);
      expect((await failureOf(`redis://127.0.0.1:${server.port}`)).message).toContain('asks for a password');
      expect((await failureOf(server.url.replace(/0$/, '99'))).message).toContain(
        'no database of this number',
      );
      expect((await failureOf(server.url.replace('redis:', 'rediss:'), 500)).message).toContain('TLS');
    } finally {
      await server.stop();
    }
  });

  it.skipIf(postgresMissing)('says what PostgreSQL refuses', async () => {
    const server = await startPostgres();
    try {
      // Several at once on a database without tables.
      const many = Array.from({ length: 8 }, () =>
        connectQueue(readQueueUrl(server.url), { onNote: () => undefined }),
      );
      for (const queue of await Promise.all(many)) await queue.close();
      const other = await failureOf(server.url.replace(/postgres$/, 'nothing'));
      expect(other.message).toBe(
        `The queue postgres://127.0.0.1:${server.port}/nothing has no such database.`,
      );
      const tls = await failureOf(`${server.url}?sslmode=verify-full`);
      expect(tls.message).toContain('does not speak TLS');
    } finally {
      await server.stop();
    }
  });
});
