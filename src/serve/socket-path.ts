import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { connect } from 'node:net';
import { UsageError } from '../base/errors.js';

/** Longest path of a Unix socket, bytes: 104 on macOS, 108 on Linux, including a terminating zero. */
const MAX_SOCKET_BYTES = 103;

/**
 * Where the server puts its Unix socket: where the user says, otherwise in the runtime folder, or in its own folder
 * in the system's temporary folder if that path would be too long. Undefined on Windows.
 * @throws {UsageError} the path that the user gave is too long, or already in use.
 */
export async function chooseSocketPath(
  wanted: string | undefined,
  runtimeFolder: string,
): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  if (wanted === undefined) {
    const usual = join(runtimeFolder, `${process.pid}.sock`);
    if (Buffer.byteLength(usual) > MAX_SOCKET_BYTES)
      return join(await mkdtemp(join(tmpdir(), 'pali-')), 'socket');
    await rm(usual, { force: true });
    return usual;
  }
  const path = resolve(wanted);
  if (Buffer.byteLength(path) > MAX_SOCKET_BYTES) {
    throw new UsageError('SOCKET_PATH', `The path of the socket is too long: ${path}`, {
      hint: `The system allows ${MAX_SOCKET_BYTES} bytes; this one has ${Buffer.byteLength(path)}.`,
    });
  }
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return path;
  if (!stats.isSocket()) throw taken(path, 'a file is there');
  if (await isListening(path)) throw taken(path, 'another server listens on it');
  // Left behind by a server that was killed.
  await rm(path, { force: true });
  return path;
}

/** Remove a socket, and its folder if that was created for it. */
export async function removeSocket(path: string): Promise<void> {
  await rm(path, { force: true });
  const folder = dirname(path);
  if (dirname(folder) === tmpdir() && /[/\\]pali-\w{6}$/.test(folder))
    await rm(folder, { recursive: true, force: true });
}

function taken(path: string, why: string): UsageError {
  return new UsageError('SOCKET_PATH', `The socket ${path} cannot be used: ${why}.`, {
    hint: 'Name another path.',
  });
}

async function isListening(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(path);
    const end = (isThere: boolean): void => {
      socket.destroy();
      settle(isThere);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
    socket.setTimeout(2000, () => end(true));
  });
}
