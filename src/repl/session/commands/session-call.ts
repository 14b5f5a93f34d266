import type { Session } from '../state/session.js';

/** A slash command that was entered, in a session. */
export interface SessionCall {
  readonly session: Session;
  /** What follows the name, word by word. */
  readonly words: readonly string[];
  /** The whole line. */
  readonly line: string;
  /** Aborted to stop it. */
  readonly signal: AbortSignal;
}

/** Runs a command; its errors are shown where its result would be. */
export type CommandAction = (call: SessionCall) => Promise<void> | void;

/** Report what a command did. */
export function tell({ session, line }: SessionCall, text: string): void {
  session.addBlock({ type: 'note', line, text, tone: 'dim' });
}
