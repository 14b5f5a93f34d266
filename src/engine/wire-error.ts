import * as v from 'valibot';
import {
  CancelledError,
  DamagedFileError,
  EngineError,
  InputError,
  ModelError,
  NetworkError,
  PaliError,
  ToolMissingError,
  UsageError,
  describeError,
  exitCodes,
} from '../base/errors.js';

/** Characters kept of a message or a stack that crosses the process border. */
const MAX_TEXT = 8192;

/** An error as it travels between the engine's process and its parent. */
export const wireErrorSchema = v.object({
  code: v.string(),
  message: v.string(),
  hint: v.exactOptional(v.string()),
  exitCode: v.pipe(v.number(), v.safeInteger()),
  /** Only for bugs: where they happened. */
  stack: v.exactOptional(v.string()),
});
export type WireError = v.InferOutput<typeof wireErrorSchema>;

/** Any thrown value as plain fields. */
export function packError(error: unknown): WireError {
  const described = describeError(error);
  const packed: WireError = {
    code: described.code,
    message: described.message.slice(0, MAX_TEXT),
    exitCode: described.exitCode,
  };
  if (described.hint !== undefined) packed.hint = described.hint.slice(0, MAX_TEXT);
  if (!(error instanceof PaliError) && error instanceof Error && error.stack !== undefined) {
    packed.stack = error.stack.slice(0, MAX_TEXT);
  }
  return packed;
}

/** The error again, as the class that its exit code stands for; a plain Error (a bug) for any other exit code. */
export function unpackError(packed: WireError): Error {
  const details = { hint: packed.hint };
  switch (packed.exitCode) {
    case exitCodes.usage:
      return new UsageError(packed.code, packed.message, details);
    case exitCodes.input:
      return new InputError(packed.code, packed.message, details);
    case exitCodes.model:
      return new ModelError(packed.code, packed.message, details);
    case exitCodes.network:
      return new NetworkError(packed.code, packed.message, details);
    case exitCodes.damaged:
      return new DamagedFileError(packed.code, packed.message, details);
    case exitCodes.engine:
      return new EngineError(packed.code, packed.message, details);
    case exitCodes.toolMissing:
      return new ToolMissingError(packed.code, packed.message, details);
    case exitCodes.cancelled:
      return new CancelledError(packed.message);
    default: {
      const bug = new Error(packed.message);
      if (packed.stack !== undefined) bug.stack = packed.stack;
      return bug;
    }
  }
}
