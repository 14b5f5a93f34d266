import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A real server for a queue, on a free port of this machine. */
export interface QueueServer {
  /** For --queue, with the password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Kill it, and start it again on the same port with what it has saved. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const POSTGRES_ROOT = '/usr/lib/postgresql';
const PASSWORD = 'o p:e@n/';
const START_MS = 60_000;

/** Where redis-server is not installed, tests are skipped with this sentence; undefined where it is. */
export const redisMissing = findOnPath('redis-server')
  ? undefined
  : 'skipped: redis-server is not installed (apt-get install redis-server)';

const postgresBin = findPostgres();
/** The same for PostgreSQL. */
export const postgresMissing =
  postgresBin === undefined ? 'skipped: PostgreSQL is not installed (apt-get install postgresql)' : undefined;

/** @param options further options of redis-server, such as `--maxmemory 30mb`. */
export async function startRedis(...options: readonly string[]): Promise<QueueServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-redis-'));
  const port = await findFreePort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const start = (): Promise<ChildProcess> =>
    startServer('redis-server', [...args, '--requirepass', PASSWORD, ...options], port);
  return serverOf(`redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/0`, port, folder, start);
}

/** PostgreSQL with a data folder of its own. It refuses to run as root, and runs as its Debian user then. */
export async function startPostgres(): Promise<QueueServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-postgres-'));
  chmodSync(folder, 0o777);
  const [data, bin] = [join(folder, 'data'), postgresBin!];
  const asUser =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  const [program = '', ...rest] = [...asUser, join(bin, 'initdb')];
  execFileSync(program, [...rest, '-D', data, '-U', 'pali', '-A', 'trust', '--no-sync', '-E', 'UTF8'], {
    stdio: 'ignore',
    cwd: folder,
  });
  mkdirSync(join(folder, 'socket'), { mode: 0o777 });
  chmodSync(join(folder, 'socket'), 0o777);
  const port = await findFreePort();
  const settings = [
    'fsync=off',
    `unix_socket_directories=${join(folder, 'socket')}`,
    'listen_addresses=127.0.0.1',
  ];
  const [command = '', ...args] = [...asUser, join(bin, 'postgres'), '-D', data, '-p', `${port}`];
  const start = (): Promise<ChildProcess> =>
    startServer(command, [...args, ...settings.flatMap((one) => ['-c', one])], port, folder);
  const url = `postgres://pali:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
  return serverOf(url, port, folder, start);
}

async function serverOf(
  url: string,
  port: number,
  folder: string,
  start: () => Promise<ChildProcess>,
): Promise<QueueServer> {
  let child = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    port,
    get pid() {
      return child.pid!;
    },
    restart: async () => {
      await end('SIGKILL');
      child = await startAgain(start);
    },
    stop: async () => {
      // SIGINT is the fast way out of PostgreSQL; to Redis it is as good as any.
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The processes that a killed PostgreSQL leaves hold its memory until they have seen that it is gone. */
async function startAgain(start: () => Promise<ChildProcess>): Promise<ChildProcess> {
  for (const endAt = Date.now() + START_MS; ;) {
    try {
      return await start();
    } catch (error) {
      if (!/still in use/.test((error as Error).message) || Date.now() > endAt) throw error;
      await wait(100);
    }
  }
}

async function startServer(
  program: string,
  args: readonly string[],
  port: number,
  cwd?: string,
): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()));
  const endAt = Date.now() + START_MS;
  // Both say so, and later than the port is open.
  while (!/ready to accept connections/i.test(said)) {
    if (child.exitCode !== null || Date.now() > endAt) {
      child.kill('SIGKILL');
      throw new Error(`${program} did not start on port ${port}: ${said}`);
    }
    await wait(20);
  }
  return child;
}

/**
 * A free port below those that the system gives to anybody who asks for one: a server that is started again must find
 * its port still free.
 */
async function findFreePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + randomInt(12_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((settle) => {
      server.once('error', () => settle(false)).listen(port, '127.0.0.1', () => settle(true));
    });
    if (!isFree) continue;
    await new Promise((closed) => server.close(closed));
    return port;
  }
}

function findPostgres(): string | undefined {
  if (!existsSync(POSTGRES_ROOT)) return undefined;
  const [newest] = readdirSync(POSTGRES_ROOT).sort((a, b) => Number(b) - Number(a));
  return newest === undefined ? undefined : join(POSTGRES_ROOT, newest, 'bin');
}

function findOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}
