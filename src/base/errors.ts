/**
 * Exit codes of the program. docs/troubleshooting.md explains each to users.
 */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  input: 3,
  model: 4,
  network: 5,
  damaged: 6,
  engine: 7,
  toolMissing: 8,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Extra facts about an error: `hint` is what the user can do next, a sentence or a command. */
export interface ErrorDetails {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The base of every error that a user may see. `message` is one sentence (what failed and why), `hint` the
 * next step. `code` is stable and goes into JSON (`IMAGE_UNREADABLE`). An error that is not a PaliError is a
 * bug of ours (exit code 1).
 */
export abstract class PaliError extends Error {
  abstract readonly exitCode: ExitCode;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.name = new.target.name;
  }
}

/** Wrong command line: unknown option, language, task, format. */
export class UsageError extends PaliError {
  readonly exitCode: typeof exitCodes.usage = exitCodes.usage;
}

/** A picture, video or list that is missing, unreadable, too large or of an unknown kind. */
export class InputError extends PaliError {
  readonly exitCode: typeof exitCodes.input = exitCodes.input;
}

/** A model or checkpoint that is missing, gated, incomplete or of an unknown architecture. */
export class ModelError extends PaliError {
  readonly exitCode: typeof exitCodes.model = exitCodes.model;
}

/** The network or a server failed. */
export class NetworkError extends PaliError {
  readonly exitCode: typeof exitCodes.network = exitCodes.network;
}

/** A file whose content is not what its header, size or hash says. */
export class DamagedFileError extends PaliError {
  readonly exitCode: typeof exitCodes.damaged = exitCodes.damaged;
}

/** The model could not be loaded or run, or the engine's process died. */
export class EngineError extends PaliError {
  readonly exitCode: typeof exitCodes.engine = exitCodes.engine;
}

/** A program that pali needs, such as ffmpeg, is not installed. */
export class ToolMissingError extends PaliError {
  readonly exitCode: typeof exitCodes.toolMissing = exitCodes.toolMissing;
}

/** The user stopped the work (Ctrl-C, or a cancelled request). */
export class CancelledError extends PaliError {
  readonly exitCode: typeof exitCodes.cancelled = exitCodes.cancelled;

  constructor(message = 'Cancelled.') {
    super('CANCELLED', message);
  }
}

/** Nobody reads the output any more: a cancellation that nobody needs to hear of. */
export class ReaderGoneError extends CancelledError {}

/**
 * Any thrown value as the fields that JSON results and engine messages carry. Something that is not a
 * PaliError becomes code `BUG` and keeps its own message.
 */
export function describeError(error: unknown): {
  code: string;
  message: string;
  hint?: string;
  exitCode: ExitCode;
} {
  if (error instanceof PaliError) {
    return {
      code: error.code,
      message: error.message,
      exitCode: error.exitCode,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'BUG', message, exitCode: exitCodes.bug };
}

/** An error as one line: what failed, then what to do next. */
export function joinHint({
  message,
  hint,
}: {
  readonly message: string;
  readonly hint?: string | undefined;
}): string {
  return hint ? `${message} ${hint}` : message;
}
