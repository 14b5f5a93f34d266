import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ensureFolder } from '../../base/files/ensure-folder.js';
import { isRunning } from '../../base/files/file-lock.js';

const recordSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  version: v.string(),
  /** Absent where there are no Unix sockets. */
  socketPath: v.exactOptional(v.string()),
  /** Absent for a server that answers this user's commands only. */
  url: v.exactOptional(v.pipe(v.string(), v.url())),
  /** Lets this user's commands in. */
  secret: v.string(),
  startedAt: v.string(),
});
/** What a running server writes about itself, for the commands of the same user. */
export type RuntimeRecord = v.InferOutput<typeof recordSchema>;

const FILE = /^(\d+)\.json$/;

/** Write the file of this process's server: readable by this user alone. @throws what the system says. */
export async function writeRuntimeFile(folder: string, record: RuntimeRecord): Promise<void> {
  const path = runtimePath(folder, record.pid);
  await rm(path, { force: true });
  await writeFile(path, `${JSON.stringify(record)}\n`, { flag: 'wx', mode: 0o600 });
}

/** Make the folder for these files and for sockets: this user's alone. @throws what the system says. */
export async function prepareRuntimeFolder(folder: string): Promise<void> {
  await ensureFolder(folder, 0o700);
  if (process.platform !== 'win32') await chmod(folder, 0o700);
}

/** Remove the file of a server that has ended. */
export async function removeRuntimeFile(folder: string, pid: number): Promise<void> {
  await rm(runtimePath(folder, pid), { force: true });
}

/** The servers that run, the newest last. Files of those that are gone are removed with their sockets. */
export async function listServers(folder: string): Promise<RuntimeRecord[]> {
  const records: RuntimeRecord[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(FILE.exec(name)?.[1]);
    if (!(pid > 0)) continue;
    const record = parseRecord(await readFile(join(folder, name), 'utf8').catch(() => ''));
    if (record?.pid === pid && isRunning(pid)) records.push(record);
    else if (!isRunning(pid)) {
      await removeRuntimeFile(folder, pid).catch(() => undefined);
      const socketPath = record?.socketPath;
      if (socketPath?.startsWith(folder)) await rm(socketPath, { force: true }).catch(() => undefined);
    }
  }
  return records.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function runtimePath(folder: string, pid: number): string {
  return join(folder, `${pid}.json`);
}

function parseRecord(text: string): RuntimeRecord | undefined {
  try {
    const parsed = v.safeParse(recordSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
