// npm run bench -- queue [PICTURES]: how a queue on a real Redis shares work, what Redis and PostgreSQL carry, and whether it loses or doubles any when
// workers, the producer and Redis are killed.
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { connectQueue } from '../../src/engine/queue/connect-queue.js';
import { readQueueUrl } from '../../src/engine/queue/queue-address.js';
import { createQueueEngine } from '../../src/engine/queue/queue-engine.js';
import { writeImage } from '../../src/image/draw/encode-image.js';
import { startPostgres, startRedis, type QueueServer } from '../support/queue-servers.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SIDE = 448;
const JOBS = 64;
const MODEL_MS = 200;
/** Asked of one, four and sixteen workers alike. */
const SHARED = 320;
const KILL_MS = 5000;

/** @param args how many pictures are asked about while things are killed (default 1000). */
export async function bench([pictures = '1000']: readonly string[]): Promise<void> {
  await share();
  for (const start of [startRedis, startPostgres]) await carry(await start());
  await survive(Number(pictures));
}

/** The same requests, of one worker and of many. */
async function share(): Promise<void> {
  const server = await startRedis();
  try {
    let one = 0;
    for (const count of [1, 4, 16]) {
      const workers = await Promise.all(Array.from({ length: count }, () => startWorker(server.url)));
      const { seconds, peakMB } = await askAll(server, count);
      await Promise.all(workers.map(endWorker));
      one ||= seconds;
      const ideal = (SHARED * MODEL_MS) / 1000 / count;
      print(
        `${count} ${count === 1 ? 'worker' : 'workers'}: ${SHARED} pictures of ${MODEL_MS} ms in ${seconds.toFixed(1)} s, ` +
          `${(seconds / ideal).toFixed(2)}x of the waiting alone, ${((seconds * count) / one).toFixed(2)}x of one worker's ${count}th; ` +
          `Redis ${peakMB.toFixed(0)} MB at most, ${JOBS} pictures of ${SIDE} pixels under way`,
      );
    }
  } finally {
    await server.stop();
  }
}

/** What the queue itself carries: workers that answer at once. */
async function carry(server: QueueServer): Promise<void> {
  try {
    const workers = await Promise.all(Array.from({ length: 4 }, () => startWorker(server.url, 0)));
    const { seconds, peakMB } = await askAll(server, 99);
    await Promise.all(workers.map(endWorker));
    print(
      `4 workers that answer at once, on ${new URL(server.url).protocol.slice(0, -1)}: ${(SHARED / seconds).toFixed(0)} pictures of ${SIDE} pixels a second` +
        (peakMB > 0 ? `; ${peakMB.toFixed(0)} MB at most` : ''),
    );
  } finally {
    await server.stop();
  }
}

async function askAll(server: QueueServer, seed: number): Promise<{ seconds: number; peakMB: number }> {
  const address = readQueueUrl(server.url);
  const engine = createQueueEngine({
    open: () => connectQueue(address, { onNote: print }),
    model: { name: 'waits' },
    maxJobs: JOBS,
    onNote: print,
  });
  const memory = await watchMemory(server.url);
  try {
    await engine.load();
    const startedAt = performance.now();
    const ask = async (i: number): Promise<void> => {
      const data = new Uint8Array(SIDE * SIDE * 3).fill(7);
      data.set([seed, i >> 8, i & 255]);
      const request = {
        ...{ images: [{ side: SIDE, data }], prompt: 'caption en', maxTokens: 50, alternatives: 0 },
        sampling: { temperature: 0, topP: 1, seed: 0 },
      };
      let raw = '';
      for await (const event of engine.ask(request)) if (event.type === 'done') raw = event.raw;
      if (raw !== `colour ${seed} ${i >> 8} ${i & 255}`) throw new Error(`Wrong answer: ${raw}`);
    };
    let next = 0;
    const client = async (): Promise<void> => {
      while (next < SHARED) await ask(next++);
    };
    await Promise.all(Array.from({ length: JOBS }, client));
    return { seconds: (performance.now() - startedAt) / 1000, peakMB: memory.peakMB() };
  } finally {
    await memory.stop();
    await engine.close();
  }
}

/** The whole command, while everything that it depends on is killed, itself too. */
async function survive(pictures: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  const server = await startRedis('--appendonly', 'yes');
  const workers = await Promise.all(Array.from({ length: 4 }, () => startWorker(server.url)));
  let [killed, isOver] = [0, false];
  try {
    const names = await writePictures(join(folder, 'pictures'), pictures);
    const memory = await watchMemory(server.url);
    const startedAt = performance.now();
    const killing = (async () => {
      while (!isOver) {
        await wait(KILL_MS);
        if (isOver) return;
        workers[killed % workers.length].kill('SIGKILL');
        workers[killed++ % workers.length] = await startWorker(server.url);
      }
    })();
    const first = startProducer(folder, server.url);
    await wait(3 * KILL_MS);
    await server.restart();
    await wait(2 * KILL_MS);
    first.kill('SIGKILL');
    const before = countLines(join(folder, 'done.jsonl'));
    const second = startProducer(folder, server.url);
    const [code] = (await once(second, 'exit')) as [number | null];
    const seconds = (performance.now() - startedAt) / 1000;
    isOver = true;
    await killing;
    const peakMB = memory.peakMB();
    await memory.stop();
    const { missing, doubled, wrong } = compare(join(folder, 'out.jsonl'), names);
    print(
      `${pictures} pictures, 4 workers, one killed every ${KILL_MS / 1000} s (${killed} in all), Redis killed and started again once, ` +
        `the producer killed after ${before} answers and started again with --resume: exit code ${code} after ${seconds.toFixed(0)} s; ` +
        `${missing} missing, ${doubled} doubled, ${wrong} wrong; Redis ${peakMB.toFixed(0)} MB at most`,
    );
  } finally {
    isOver = true;
    await Promise.all(workers.map(endWorker));
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function startProducer(folder: string, url: string): ChildProcess {
  const resume = ['--resume', join(folder, 'done.jsonl')];
  const output = ['--format', 'jsonl', '-o', join(folder, 'out.jsonl')];
  return spawn(
    process.execPath,
    ['bin/pali.js', 'caption', '--model', 'waits', join(folder, 'pictures'), ...resume, ...output],
    {
      cwd: ROOT,
      env: { ...process.env, PALI_QUEUE_URL: url, PALI_HOME: folder },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

/** Pictures of one colour each, which their names and their answers say. */
async function writePictures(folder: string, count: number): Promise<Map<string, string>> {
  mkdirSync(folder);
  const names = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const colour = [(i * 37) & 255, i >> 8, i & 255] as const;
    const path = join(folder, `${String(i).padStart(5, '0')}.png`);
    const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => colour[at % 3]);
    await writeImage({ width: SIDE, height: SIDE, data }, path);
    names.set(path, `colour ${colour.join(' ')}`);
  }
  return names;
}

function compare(
  path: string,
  names: ReadonlyMap<string, string>,
): { missing: number; doubled: number; wrong: number } {
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  const seen = new Map<string, number>();
  let wrong = 0;
  for (const row of rows) {
    const { input, text } = JSON.parse(row) as { input: string; text?: string };
    seen.set(input, (seen.get(input) ?? 0) + 1);
    if (text !== names.get(input)) wrong++;
  }
  return {
    missing: [...names.keys()].filter((name) => !seen.has(name)).length,
    doubled: [...seen.values()].filter((times) => times > 1).length,
    wrong,
  };
}

async function watchMemory(url: string): Promise<{ peakMB: () => number; stop: () => Promise<void> }> {
  // PostgreSQL keeps pixels on its disk.
  if (!url.startsWith('redis')) return { peakMB: () => 0, stop: async () => undefined };
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  let peak = 0;
  const look = async (): Promise<void> => {
    const info = await redis.info('memory');
    peak = Math.max(peak, Number(/^used_memory:(\d+)/m.exec(info)?.[1]) / 1e6);
  };
  const timer = setInterval(() => void look().catch(() => undefined), 100);
  return {
    peakMB: () => peak,
    stop: async () => {
      clearInterval(timer);
      redis.disconnect();
    },
  };
}

async function startWorker(url: string, modelMs = MODEL_MS): Promise<ChildProcess> {
  const worker = fork(fileURLToPath(new URL('./queue-worker-once.js', import.meta.url)), {
    env: { ...process.env, PALI_QUEUE_URL: url, PALI_BENCH_MODEL_MS: String(modelMs) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
  return worker;
}

async function endWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

function countLines(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length - 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
