/** What tells Git Bash's own window from a pipe. */
export interface PipeFacts {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Whether stdin and stdout are terminals. */
  readonly isTerminal: boolean;
}

/** A program in a pipe writes its first line sooner than this, milliseconds; one that is later does no harm. */
const QUIET_MS = 2000;

/**
 * Git Bash's window (mintty) without a pseudo console gives programs pipes instead of a terminal, so that a session
 * would wait there without a word.
 *
 * @param say called with a sentence when nothing was typed or piped for two seconds.
 * @returns ends the waiting: call it at the first line.
 */
export function hintWinpty(
  { platform, env, isTerminal }: PipeFacts,
  say: (sentence: string) => void,
): () => void {
  const isMintty = platform === 'win32' && env['MSYSTEM'] !== undefined && env['TERM_PROGRAM'] === 'mintty';
  if (!isMintty || isTerminal) return () => undefined;
  const timer = setTimeout(
    () => say('This window shows pali no terminal, so prompts are read line by line. Try: winpty pali'),
    QUIET_MS,
  );
  timer.unref();
  return () => clearTimeout(timer);
}
