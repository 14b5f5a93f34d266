import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathExists } from '../../base/files/path-exists.js';
import { ensureFolder } from '../../base/files/ensure-folder.js';
import { replaceFile } from '../../base/files/write-file-whole.js';
import { UsageError } from '../../base/errors.js';
import { modelsFolder } from '../../models/models-folder.js';
import { MAX_HISTORY_LINES } from './history.js';

/** Only the user may read their own lines. */
const PRIVATE_MODE = 0o600;
/** A file larger than this, bytes, is cut to the newest lines when it is read. */
const MAX_FILE_BYTES = 1024 * 1024;

/** Beside the models: `history` under PALI_HOME, or in the platform's folder for a program's data. */
export function historyPath(): string {
  return join(dirname(modelsFolder()), 'history');
}

/** The lines entered before, oldest first; none when the file is missing or cannot be read. */
export async function readHistory(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map(decodeLine)
    .slice(-MAX_HISTORY_LINES);
  if (text.length > MAX_FILE_BYTES) await rewrite(path, lines);
  return lines;
}

/**
 * Keep a line. Two REPLs may do so at once. A line that begins with a space is not kept, as in a shell. A disk
 * that cannot be written to is no reason to stop.
 */
export async function appendHistory(path: string, line: string): Promise<void> {
  if (line.startsWith(' ') || line.trim() === '') return;
  try {
    await ensureFolder(dirname(path));
    const isNew = !(await pathExists(path));
    await appendFile(path, `${encodeLine(line)}\n`, { mode: PRIVATE_MODE });
    // Also fixes an existing file with other permissions.
    if (!isNew) await chmod(path, PRIVATE_MODE);
  } catch {
    return;
  }
}

/** Forget everything. @throws {UsageError} the file cannot be written: what is in it stays. */
export async function clearHistory(path: string): Promise<void> {
  try {
    await writeFile(path, '', { mode: PRIVATE_MODE });
  } catch (cause) {
    // Without a folder there is no file either.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError('OUTPUT_UNWRITABLE', `The history cannot be cleared: ${why}`, {
      hint: `Remove ${path} yourself.`,
      cause,
    });
  }
}

async function rewrite(path: string, lines: readonly string[]): Promise<void> {
  const text = lines.map((line) => `${encodeLine(line)}\n`).join('');
  await replaceFile(path, text, { mode: PRIVATE_MODE }).catch(() => undefined);
}

/** One line of the file, whatever line breaks are in it. */
function encodeLine(line: string): string {
  return line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function decodeLine(line: string): string {
  return line.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
