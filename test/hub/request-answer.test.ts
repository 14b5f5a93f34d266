import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { NetworkError } from '../../src/base/errors.js';
import { createHubClient, type HubClient } from '../../src/hub/hub-client.js';
import { readRepository } from '../../src/hub/read-repository.js';
import { requestAnswer } from '../../src/hub/request-answer.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client of a hub that answers every request in this way. */
async function hubThat(answers: RequestListener): Promise<HubClient> {
  server = createServer(answers);
  await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = { now: () => performance.now(), sleep: async () => undefined };
  return createHubClient({ endpoint }, { clock, random: () => 0, stallMs: 200 });
}

const commit = 'a'.repeat(40);
const info = JSON.stringify({ _id: '1', id: 'o/n', sha: commit, lastModified: 0 });

describe("an answer of the hub's API", () => {
  it('is given up when it never ends', async () => {
    const client = await hubThat((_, response) => {
      const block = Buffer.alloc(2 ** 20, ' ');
      const write = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    await expect(readRepository(client, 'o/n', 'main')).rejects.toThrow('it is larger than 32 MiB');
  });

  it('is given up when a small file becomes gigabytes', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    const client = await hubThat((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    await expect(readRepository(client, 'o/n', 'main')).rejects.toThrow('it is larger than 32 MiB');
  });

  it('is given up when it stops in the middle', async () => {
    const client = await hubThat((_, response) => void response.write('{'));
    await expect(readRepository(client, 'o/n', 'main')).rejects.toThrow('nothing came for 0.2 s');
  });

  it('is given up when it comes byte by byte', async () => {
    const client = await hubThat((_, response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    });
    const asked = requestAnswer(client, 'o/n', `${client.endpoint}/api`, undefined, 50);
    await expect(asked).rejects.toThrow('it was not complete after');
  });

  it.each([
    ['in a circle', (count: number) => `/api/models/o/n/tree/${commit}?cursor=${count % 2}`, 'in a circle'],
    [
      'without an end',
      (count: number) => `/api/models/o/n/tree/${commit}?cursor=${count}`,
      'more than 50 pages',
    ],
    ['to another host', () => 'http://127.0.0.2:1/secret', 'another host'],
  ])('is given up when its pages go on %s', async (_, next, sentence) => {
    let count = 0;
    const client = await hubThat((request, response) => {
      if (request.url!.includes('/revision/')) return void response.end(info);
      const target = new URL(next(count++), `http://${request.headers.host}`).href;
      response.writeHead(200, { link: `<${target}>; rel="next"` }).end('[]');
    });
    const read = readRepository(client, 'o/n', 'main');
    await expect(read).rejects.toThrow(NetworkError);
    await expect(read).rejects.toThrow(sentence);
  });

  it('asks for no wait of ages', async () => {
    const client = await hubThat((_, response) => {
      response.writeHead(429, { 'retry-after': '9'.repeat(22) }).end();
    });
    await expect(readRepository(client, 'o/n', 'main')).rejects.toMatchObject({
      hint: expect.stringContaining('The server asks to wait more than a day.') as string,
    });
  });
});
