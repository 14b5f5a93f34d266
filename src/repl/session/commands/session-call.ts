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

/** Does what a command says; its errors are shown in its place. */
export type CommandAction = (call: SessionCall) => Promise<void> | void;

/** Say that a command was done. */
export function tell({ session, line }: SessionCall, text: string): void {
  session.addBlock({ type: 'note', line, text, tone: 'dim' });
}
