import type { ExitCode } from '../base/errors.js';

/** One thing that `pali doctor` checked. */
export interface Finding {
  readonly name: string;
  /** What is there: a version, a size, a name. */
  readonly value: string;
  /** `absent` is not a fault: pali works without it. `warning` works, but badly. */
  readonly state: 'ok' | 'warning' | 'absent' | 'failed';
  /** More about it, and what to do if something is wrong. */
  readonly note?: string;
  /** The command's exit code when this failed. */
  readonly exitCode?: ExitCode;
}
