import { hintAtSemicolons } from '../../tasks/answers/hint-at-semicolons.js';
import type { Engine } from '../../models/open-engine.js';
import { runtimeFolder } from '../../models/servers/runtime-folder.js';
import { printablePath } from '../../render/printable-path.js';
import type { PictureOptions } from '../options/picture-options.js';
import type { BatchSummary } from './batch-summary.js';

/** `"cow,tractor"` is one thing to the model. */
export function tellCommas(things: readonly string[], options: PictureOptions): void {
  const [list] = things.filter((thing) => thing.includes(','));
  if (list === undefined) return;
  const parted = list
    .split(',')
    .map((thing) => thing.trim())
    .join(' ; ');
  tellNote(`"${list}" is asked for as one thing; semicolons separate several: "${parted}".`, options);
}

/** `"cow tractor"` is one thing, too; a colour before a name is meant so, and is found or not. */
export function tellJoined(
  things: readonly string[],
  { found }: BatchSummary,
  options: PictureOptions,
): void {
  const hint = hintAtSemicolons(things, found);
  if (hint !== undefined) tellNote(hint, options);
}

/** Inputs that `--skip-existing` left out. */
export function tellSkipped(count: number, options: PictureOptions): void {
  const what = count === 1 ? 'a picture has its file' : `${count} pictures have their files`;
  if (count > 0) tellNote(`${what} already and ${count === 1 ? 'was' : 'were'} skipped.`, options);
}

/** A sentence on stderr, unless the user wants none. */
export function tellNote(sentence: string, { isQuiet }: Pick<PictureOptions, 'isQuiet'>): void {
  if (!isQuiet) process.stderr.write(`note: ${printablePath(sentence)}\n`);
}

/** What is called with the name of a list that has nothing in it. */
export function tellEmptyList(options: PictureOptions): (list: string) => void {
  return (list) => tellNote(`the list ${list === '-' ? 'on standard input' : list} is empty.`, options);
}

/** Only for people: in a log it would be noise. */
export async function tellKeepAlive(engine: Engine): Promise<void> {
  const { noteKeepAlive } = await import('../../models/servers/note-keep-alive.js');
  const note = await noteKeepAlive(await engine.load(), runtimeFolder());
  if (note !== undefined) process.stderr.write(`note: ${note}\n`);
}
