// npm run bench -- serve [SECONDS]: what a server adds and saves, and whether it stands a crowd.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listServers } from '../../src/engine/remote/runtime-file.js';
import { measureAddedMs } from './added-by-server.js';
import { median } from './median.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const QUESTIONS = ['caption', 'ocr', 'describe'] as const;
const CLIENTS = 64;
const LEAVING_CLIENTS = 1000;
/** Runs of each command, in turns. */
const RUNS = 7;

interface Server {
  readonly url: string;
  readonly pid: number;
  readonly child: ChildProcess;
}

/** @param args how long 64 clients ask, seconds (default 60). */
export async function bench([seconds = '60']: readonly string[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    await compareCommands(home);
    const { direct, served } = await measureAddedMs(home);
    print(
      `an engine that only waits: ${direct.toFixed(1)} ms, through a server ${served.toFixed(1)} ms, added ${(served - direct).toFixed(1)} ms`,
    );
    const server = await startServer(home);
    try {
      await crowd(server, Number(seconds));
      await leave(server);
      await kill(server);
    } finally {
      server.child.kill('SIGTERM');
      await new Promise((resolve) => server.child.once('exit', resolve));
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The whole command, with a server and without, in turns. */
async function compareCommands(home: string): Promise<void> {
  const caption = async (...options: string[]): Promise<number> => {
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      ['bin/pali.js', 'caption', '-q', ...options, 'fixtures/gallery/farm.png'],
      {
        cwd: ROOT,
        env: { ...process.env, PALI_HOME: home },
        stdio: 'ignore',
      },
    );
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`The command ended with ${code}.`);
    return performance.now() - startedAt;
  };
  // The first converts the demo model.
  await caption('--no-server');
  const server = await startServer(home);
  const [without, withServer]: [number[], number[]] = [[], []];
  await caption();
  for (let i = 0; i < RUNS; i++) {
    without.push(await caption('--no-server'));
    withServer.push(await caption());
  }
  server.child.kill('SIGTERM');
  await new Promise((resolve) => server.child.once('exit', resolve));
  const [a, b] = [median(without), median(withServer)];
  print(
    `pali caption, demo model: ${a.toFixed(0)} ms, with a server ${b.toFixed(0)} ms, ${(b / a).toFixed(2)}x`,
  );
}

/** Many clients at once: every answer must be the one that the same question alone gets. */
async function crowd({ url, pid }: Server, seconds: number): Promise<void> {
  const pictures = readdirSync(join(ROOT, 'fixtures/gallery')).filter((name) => name.endsWith('.png'));
  const questions = pictures.slice(0, 6).flatMap((picture) => QUESTIONS.map((task) => ({ picture, task })));
  const expected: string[] = [];
  for (const question of questions) expected.push(await ask(url, question));
  let [answers, wrong, tokens] = [0, 0, 0];
  const failures = new Map<string, number>();
  const endAt = performance.now() + seconds * 1000;
  const memory: number[] = [];
  const timer = setInterval(() => memory.push(residentMB(pid)), 1000);
  const client = async (seed: number): Promise<void> => {
    for (let i = seed; performance.now() < endAt; i += 7) {
      const at = i % questions.length;
      try {
        const text = await ask(url, questions[at]);
        answers++;
        tokens += text.split(/\s+/).length;
        if (text !== expected[at]) wrong++;
      } catch (error) {
        const why = (error as Error).message;
        failures.set(why, (failures.get(why) ?? 0) + 1);
      }
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)));
  clearInterval(timer);
  const elapsed = (performance.now() - startedAt) / 1000;
  const [early, late] = [memory.slice(0, 10).at(-1) ?? 0, Math.max(...memory.slice(10), 0)];
  print(
    `${CLIENTS} clients for ${elapsed.toFixed(0)} s: ${answers} answers (${(answers / elapsed).toFixed(1)}/s, ${(tokens / elapsed).toFixed(0)} words/s), ` +
      `${wrong} wrong, ${[...failures.values()].reduce((sum, count) => sum + count, 0)} failed ${[...failures.keys()].join('; ')}` +
      `, server ${early} MB after 10 s, at most ${late} MB later`,
  );
}

/** Clients that break off at random moments: nothing may be left of them. */
async function leave({ url, pid }: Server): Promise<void> {
  const handles = openHandles(pid);
  let left = 0;
  const one = async (): Promise<void> => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), Math.random() * 1500);
    await ask(url, { picture: 'farm.png', task: 'caption' }, controller.signal).catch(() => left++);
    clearTimeout(timer);
  };
  await Promise.all(Array.from({ length: LEAVING_CLIENTS }, one));
  const startedAt = performance.now();
  let underWay = Infinity;
  while (underWay > 0 && performance.now() - startedAt < 30_000) {
    await wait(200);
    underWay = await requestsUnderWay(url);
  }
  await wait(6000);
  print(
    `${LEAVING_CLIENTS} clients, ${left} broke off: ${underWay} requests left after ${((performance.now() - startedAt - 6000) / 1000).toFixed(1)} s, ` +
      `${openHandles(pid) - handles} more open handles than before`,
  );
}

/** The engine killed while it works: its requests fail with 503, the next work. */
async function kill({ url }: Server): Promise<void> {
  const status = (await (await fetch(`${url}/v1/status`)).json()) as { models: { enginePid: number }[] };
  const asking = Array.from({ length: 32 }, async () => {
    const response = await send(url, { picture: 'farm.png', task: 'describe' });
    await response.text();
    return response.status;
  });
  await wait(400);
  process.kill(status.models[0].enginePid, 'SIGKILL');
  const statuses = await Promise.all(asking);
  const next = await send(url, { picture: 'farm.png', task: 'caption' });
  const count = (code: number): number => statuses.filter((one) => one === code).length;
  print(
    `engine killed under 32 requests: ${count(200)} were answered, ${count(503)} got 503, the next got ${next.status}`,
  );
}

interface Asked {
  readonly picture: string;
  readonly task: (typeof QUESTIONS)[number];
}

const files = new Map<string, Blob>();

function send(url: string, { picture, task }: Asked, signal?: AbortSignal): Promise<Response> {
  const file = files.get(picture) ?? new Blob([readFileSync(join(ROOT, 'fixtures/gallery', picture))]);
  files.set(picture, file);
  const form = new FormData();
  form.append('image', file, picture);
  return fetch(`${url}/v1/tasks/${task}`, { method: 'POST', body: form, ...(signal && { signal }) });
}

async function ask(url: string, asked: Asked, signal?: AbortSignal): Promise<string> {
  const response = await send(url, asked, signal);
  const { text, error } = (await response.json()) as { text?: string; error?: { message: string } };
  if (text === undefined) throw new Error(`${response.status} ${error?.message}`);
  return text;
}

async function requestsUnderWay(url: string): Promise<number> {
  return ((await (await fetch(`${url}/v1/status`)).json()) as { requestsUnderWay: number }).requestsUnderWay;
}

async function startServer(home: string): Promise<Server> {
  const child = spawn(
    process.execPath,
    ['bin/pali.js', 'serve', '-q', '--port', '0', '--max-queue', '1100'],
    {
      cwd: ROOT,
      env: { ...process.env, PALI_HOME: home },
      stdio: 'ignore',
    },
  );
  process.once('exit', () => child.kill());
  for (;;) {
    if (child.exitCode !== null) throw new Error('The server did not start.');
    const record = (await listServers(join(home, 'servers'))).find(({ pid }) => pid === child.pid);
    if (record?.url !== undefined) return { url: record.url, pid: record.pid, child };
    await wait(50);
  }
}

function residentMB(pid: number): number {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}

function openHandles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
