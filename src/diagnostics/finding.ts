import type { ExitCode } from '../base/errors.js';

/** One thing that `pali doctor` looked at. */
export interface Finding {
  readonly name: string;
  /** What is there: a version, a size, a name. */
  readonly value: string;
  /** `absent` is no fault: pali does without. `warning` works, but badly. */
  readonly state: 'ok' | 'warning' | 'absent' | 'failed';
  /** More about it, and where something is wrong, what to do. */
  readonly note?: string;
  /** What the command ends with when this failed. */
  readonly exitCode?: ExitCode;
}
