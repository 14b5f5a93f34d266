import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { stripControl } from '../base/strip-control.js';
import type { TaskResult } from '../base/task-result.js';

const isWindows = process.platform === 'win32';
/** Separators of folders on any system, and line breaks; on Windows also the characters it forbids in names. */
const FORBIDDEN = isWindows ? /[\n\t<>:"/\\|?*]/g : /[\n\t/\\]/g;
/** Windows drops dots and spaces at the end; elsewhere nothing but dots is a folder. */
const DROPPED = isWindows ? /[. ]+$/ : /^\.+$/;
/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Longest name, UTF-8 bytes: file systems allow 255, and numbers, a label and two extensions are still to come. */
const MAX_NAME_BYTES = 180;

/** What the names depend on besides the inputs. */
export interface FileNameOptions {
  /** Names that are taken already. */
  readonly reserved?: readonly string[];
  /** Folders that pictures were looked for in: one from a folder below keeps that folder, `below/dog`. */
  readonly folders?: readonly string[];
}

/**
 * Gives each input a file name of its own, without extension: `a/dog.jpg` becomes `dog`, `b/dog.png` then
 * `dog-2`. Otherwise names stay as they are, as labels find their pictures by them. No name leaves its folder,
 * whatever the input is called; names that differ in case alone count as one.
 */
export function createFileNames({ reserved = [], folders = [] }: FileNameOptions = {}): (
  input: string,
) => string {
  const used = new Set(reserved.map((name) => name.toLowerCase()));
  return (input) => {
    const name = nameBelow(input, folders);
    let unique = name;
    for (let count = 2; used.has(unique.toLowerCase()); count++) unique = `${name}-${count}`;
    used.add(unique.toLowerCase());
    return unique;
  };
}

/** A file name for an input, without extension; inputs that are called alike share it. */
export function nameBelow(input: string, folders: readonly string[] = []): string {
  const path = pathBelow(input, folders) ?? '';
  return join(...path.split(sep).slice(0, -1).map(clean), nameOf(input));
}

/** The input's path from the first of the folders that holds it; undefined when none does. */
export function pathBelow(input: string, folders: readonly string[]): string | undefined {
  if (/^[a-z]+:\/\//i.test(input)) return undefined;
  return folders
    .map((folder) => relative(folder, input))
    .find((path) => !isAbsolute(path) && path.split(sep)[0] !== '..');
}

/**
 * Where the pictures of a data set lie: the folder that was given; of several, the one that holds them all, so that
 * `train/dog.jpg` and `val/dog.jpg` stay apart. Empty for none.
 */
export function commonFolder(folders: readonly string[]): string[] {
  if (folders.length < 2) return [...folders];
  const paths = folders.map((folder) => resolve(folder));
  let common = dirname(paths[0]);
  while (!paths.every((path) => path.startsWith(common.endsWith(sep) ? common : common + sep))) {
    const above = dirname(common);
    if (above === common) return [...folders];
    common = above;
  }
  return [common];
}

function nameOf(input: string): string {
  const file = input.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  return clean(stripControl(file).replace(/(?<=.)\.[^.]*$/s, ''));
}

function clean(name: string): string {
  const safe = stripControl(name)
    .replace(/\p{Cs}/gu, '_')
    .replace(FORBIDDEN, '_')
    .replace(DROPPED, '');
  return clipBytes(isWindows ? safe.replace(DEVICE, '$&_') : safe, MAX_NAME_BYTES) || 'picture';
}

/** The longest beginning of a text that fits into this many bytes of UTF-8, cut between characters. */
export function clipBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let clipped = '';
  for (const char of text) {
    bytes += Buffer.byteLength(char);
    if (bytes > maxBytes) break;
    clipped += char;
  }
  return clipped;
}

/**
 * What the files of a result are named after: its input, and for a frame of a video the frame's number before the
 * extension, `clip-000012.mp4`.
 */
export function resultName({ input, frame }: Pick<TaskResult, 'input' | 'frame'>): string {
  if (frame === undefined) return input;
  const number = String(frame.index).padStart(6, '0');
  const extension = /(?<=[^\\/])\.[^.\\/]*$/.exec(input)?.[0] ?? '';
  return `${input.slice(0, input.length - extension.length)}-${number}${extension}`;
}
