import { readFile } from 'node:fs/promises';

/** Bytes of memory that a process holds now; undefined where Linux does not say, as when it has ended. */
export async function readResidentBytes(processId: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
