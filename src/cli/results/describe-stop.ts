import { quoteForShell } from '../../models/quote-for-shell.js';
import { printablePath } from '../../render/printable-path.js';

/** Longer lines are not for typing or pasting, characters: the names of many files, as the shell wrote them out. */
const MAX_LINE = 1000;

/** A run that was stopped, and what is left of it. */
export interface StoppedRun {
  /** Inputs that this run answered. */
  readonly answered: number;
  /** Answers in the file of --resume; undefined without one. */
  readonly kept: number | undefined;
  /** Inputs in all, if known. */
  readonly total: number | undefined;
  /** The file that keeps the answers. */
  readonly resume: string | undefined;
  /** Where results were written; absent for stdout. */
  readonly output: string | undefined;
  /** There is a file for each picture, which a later run can skip. */
  readonly canSkip: boolean;
  /** Where other names came from: a list on stdin cannot be typed again. */
  readonly filesFrom: string | undefined;
}

/**
 * What Ctrl-C left behind, and the line that goes on from there.
 * @param argv the words after `pali`.
 */
export function describeStop(run: StoppedRun, argv: readonly string[]): string[] {
  const { resume, canSkip } = run;
  const head = `stopped: ${describeKept(run)}.`;
  const added = resume === undefined && canSkip ? '--skip-existing' : undefined;
  if (resume === undefined && !canSkip) {
    return [`${head} With --resume answers.jsonl a run can continue where it stopped.`];
  }
  const again = added === undefined ? 'the same line' : `the same line and ${added}`;
  const words = added === undefined ? argv : addOption(argv, added);
  const line = `pali ${words.map((word) => quoteForShell(word)).join(' ')}`;
  if (run.filesFrom === '-' || line.length > MAX_LINE) return [`${head} To go on: ${again}.`];
  return [`${head} To go on:`, `  ${line}`];
}

function describeKept({ answered, kept, total, resume, output }: StoppedRun): string {
  if (resume !== undefined && kept !== undefined) {
    return `${kept} ${kept === 1 ? 'answer is' : 'answers are'} kept in ${printablePath(resume)}`;
  }
  const count = total === undefined ? `${answered}` : `${answered} of ${total}`;
  const place = output === undefined || answered === 0 ? '' : `, kept in ${printablePath(output)}`;
  return `${count} answered${place}`;
}

/** An option that was not there; --overwrite would contradict it. */
function addOption(argv: readonly string[], option: string): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const before = argv.slice(0, end).filter((word) => word !== '--overwrite' && word !== option);
  return [...before, option, ...argv.slice(end)];
}
