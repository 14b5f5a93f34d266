import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Menu, MenuItem } from './menu.js';
import { resolvePath } from '../session/prompts/resolve-path.js';
import { printablePath } from '../../render/printable-path.js';
import { quotePath } from '../session/split-words.js';

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Lists a folder; an empty list when it cannot be read. */
export type ListFolder = (folder: string) => Promise<readonly FolderEntry[]>;

/** More than anyone reads in a menu. */
const MAX_ITEMS = 200;

const mediaExtensions = new Set(
  'jpg jpeg png webp gif avif tif tiff svg mp4 mov mkv webm avi m4v'.split(' ').map((one) => `.${one}`),
);

/**
 * Paths that begin with what was typed: folders (ending in a slash), pictures and videos first. Hidden ones only
 * when a dot was typed.
 *
 * @param from @param to the stretch of the line that holds `typed`.
 */
export async function completePath(
  typed: string,
  from: number,
  to: number,
  listFolder: ListFolder,
): Promise<Menu | undefined> {
  const slash = Math.max(typed.lastIndexOf('/'), process.platform === 'win32' ? typed.lastIndexOf('\\') : -1);
  const folder = typed.slice(0, slash + 1);
  const prefix = typed.slice(slash + 1);
  const entries = await listFolder(folder === '' ? '.' : folder);
  const items = entries
    .filter(({ name }) => hasPrefix(name, prefix) && (prefix.startsWith('.') || !name.startsWith('.')))
    // A name with a line break or an escape in it would spoil the line.
    .filter(({ name }) => printablePath(name) === name)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, MAX_ITEMS)
    .map((entry) => toItem(folder, entry));
  return items.length === 0 ? undefined : { from, to, items, selected: 0 };
}

/** The entries of a folder, as the file system lists them. */
export const listFolder: ListFolder = async (folder) => {
  const entries = await readdir(resolvePath(folder), { withFileTypes: true }).catch(() => []);
  return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
};

function hasPrefix(name: string, prefix: string): boolean {
  return name.toLowerCase().startsWith(prefix.toLowerCase());
}

function rank({ name, isFolder }: FolderEntry): number {
  if (isFolder) return 1;
  return mediaExtensions.has(extname(name).toLowerCase()) ? 0 : 2;
}

function toItem(folder: string, { name, isFolder }: FolderEntry): MenuItem {
  const path = `${folder}${name}${isFolder ? '/' : ''}`;
  const quoted = quotePath(path);
  // A folder's quote stays open: the file's name follows.
  const isQuoted = quoted !== path;
  const value = isFolder ? (isQuoted ? quoted.slice(0, -1) : path) : `${quoted} `;
  return {
    value,
    label: `${name}${isFolder ? '/' : ''}`,
    note: '',
    ...(isFolder ? { continues: true } : {}),
  };
}
