// npm run bench -- pull [DTYPE]: a checkpoint of 6 GB of random weights from a server on this computer, to a model.
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paligemma3b, writeRandomCheckpoint } from './random-checkpoint.js';
import { runInChild } from './run-in-child.js';

/** What one pull took. */
export interface PullMeasurement {
  readonly downloadSeconds: number;
  readonly downloadPeakMB: number;
  readonly convertSeconds: number;
  readonly peakMB: number;
}

const NAME = 'bench/paligemma-3b';

/** @param args the dtype; int4 when there is none. */
export async function bench([dtype = 'int4']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    const source = join(folder, 'checkpoint');
    const sizeBytes = await writeRandomCheckpoint(source, paligemma3b());
    const hashes = new Map<string, string>();
    const startedAt = performance.now();
    for (const file of readdirSync(source)) hashes.set(file, await sha256(join(source, file)));
    print(
      `${(sizeBytes / 1e9).toFixed(2)} GB in bfloat16; reading it and sha256 over it alone take ${since(startedAt)} s`,
    );
    const server = serve(source, hashes);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await runInChild<PullMeasurement>('pull-once.js', [
      endpoint,
      NAME,
      join(folder, 'cache'),
      join(folder, 'model'),
      dtype,
    ]);
    server.close();
    const { downloadSeconds, downloadPeakMB, convertSeconds, peakMB } = result;
    print(`download and check  ${downloadSeconds.toFixed(0)} s  peak ${downloadPeakMB} MB`);
    print(`conversion to ${dtype}  ${convertSeconds.toFixed(0)} s  peak ${peakMB} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As much of a hub as a pull needs. */
function serve(folder: string, hashes: ReadonlyMap<string, string>): ReturnType<typeof createServer> {
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
    createReadStream(path, { start, end, highWaterMark: 2 ** 18 }).pipe(response);
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
