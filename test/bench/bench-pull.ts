// npm run bench -- pull [DTYPE] [MB_PER_SECOND] [LAYERS]: a checkpoint of 6 GB of random weights (fewer with fewer layers)
// in three shards from a throttled server on this computer, to a model: converted after all of them, and while the next
// one is fetched; twice in turn, because other work on the computer changes.
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { countWeights, paligemma3b, writeRandomCheckpoint } from './random-checkpoint.js';
import { runInChild } from './run-in-child.js';

/** What one pull took. */
export interface PullMeasurement {
  /** Until all files were there and checked. */
  readonly downloadSeconds: number;
  /** 0 where the conversion ran at the same time. */
  readonly downloadPeakMB: number;
  readonly totalSeconds: number;
  readonly peakMB: number;
}

const NAME = 'bench/paligemma-3b';
const SHARDS = 3;
const ROUNDS = 2;

/** @param args the dtype, int4 when there is none; megabytes a second that the server sends; layers of the decoder. */
export async function bench([
  dtype = 'int4',
  megabytes = '100',
  layers = '18',
]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    const source = join(folder, 'checkpoint');
    const spec = paligemma3b(Math.ceil(1.5 * Number(layers)), Number(layers));
    const shardBytes = (2 * countWeights(spec)) / SHARDS;
    const sizeBytes = await writeRandomCheckpoint(source, spec, 1.02 * shardBytes);
    const hashes = new Map<string, string>();
    const startedAt = performance.now();
    for (const file of readdirSync(source)) hashes.set(file, await sha256(join(source, file)));
    print(
      `${(sizeBytes / 1e9).toFixed(2)} GB in bfloat16; reading it and sha256 over it alone take ${since(startedAt)} s; ` +
        `the server sends ${megabytes} MB a second`,
    );
    const server = serve(source, hashes, Number(megabytes) * 1e6);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = async (order: 'together' | 'apart'): Promise<PullMeasurement> => {
      const target = join(folder, order);
      const args = [endpoint, NAME, target, dtype, order];
      const result = await runInChild<PullMeasurement>('pull-once.js', args);
      rmSync(target, { recursive: true });
      return result;
    };
    for (let round = 1; round <= ROUNDS; round++) {
      const apart = await run('apart');
      print(
        `one after the other  ${apart.downloadSeconds.toFixed(0)} s download and check, peak ${apart.downloadPeakMB} MB; ` +
          `to ${dtype} ${apart.totalSeconds.toFixed(0)} s in all, peak ${apart.peakMB} MB`,
      );
      const together = await run('together');
      print(
        `at the same time     ${together.downloadSeconds.toFixed(0)} s download and check; ` +
          `to ${dtype} ${together.totalSeconds.toFixed(0)} s in all, peak ${together.peakMB} MB`,
      );
      print(`ratio                ${(together.totalSeconds / apart.totalSeconds).toFixed(2)}`);
    }
    server.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As much of a hub as a pull needs. */
function serve(
  folder: string,
  hashes: ReadonlyMap<string, string>,
  bytesPerSecond: number,
): ReturnType<typeof createServer> {
  // One line for all connections: each chunk waits until those before it would have gone out.
  let freeAt = 0;
  const takeTurn = async (bytes: number): Promise<void> => {
    const now = performance.now();
    freeAt = Math.max(now, freeAt) + (1000 * bytes) / bytesPerSecond;
    await wait(freeAt - now);
  };
  const commit = '0'.repeat(40);
  const list = [...hashes].map(([path, oid]) => {
    const { size } = statSync(join(folder, path));
    return { type: 'file', path, size, oid: commit, lfs: { oid, size, pointerSize: 130 } };
  });
  return createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://x');
    if (pathname.startsWith('/api/')) {
      const answer = pathname.includes('/tree/')
        ? list
        : { _id: '1', id: NAME, sha: commit, lastModified: 0 };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    const path = join(folder, decodeURIComponent(pathname.split('/').at(-1)!));
    const { size } = statSync(path);
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = range ? [Number(range[1]), Number(range[2])] : [0, size - 1];
    response.writeHead(range ? 206 : 200, {
      'content-length': end - start + 1,
      ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    void (async () => {
      for await (const chunk of createReadStream(path, { start, end, highWaterMark: 2 ** 18 })) {
        const bytes = chunk as Buffer;
        await takeTurn(bytes.length);
        if (!response.write(bytes)) await new Promise((drained) => response.once('drain', drained));
      }
      response.end();
    })();
  });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const since = (startedAt: number): string => ((performance.now() - startedAt) / 1000).toFixed(0);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
