import { describeError, EngineError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';

/** How often a job is tried; the pauses between grow. */
export const ATTEMPTS = 3;
/** The code of a job whose pixels have expired: it can be asked again with them. */
const PIXELS_GONE = 'QUEUE_PIXELS_GONE';

const RETRY_HINT = 'Once the cause is gone, let it be tried again: pali queue retry-failed';

/** A failure as BullMQ keeps it: a code and a sentence, and none of the places in our code. */
export class JobFailure extends Error {
  /** Without the code. */
  readonly sentence: string;

  /** @param isFinal no other try would help; BullMQ knows it by the name. */
  constructor(error: unknown, isFinal: boolean) {
    const { code, message } = describeError(error);
    super(`${code}: ${message}`);
    this.sentence = message;
    if (isFinal) this.name = 'UnrecoverableError';
    this.stack = '';
  }
}

/** Says that the job is back in the queue; BullMQ knows it by the name. */
export class JobGivenBack extends Error {
  constructor() {
    super('The worker ends.');
    this.name = 'WaitingError';
  }
}

/** The error for a job whose pixels nobody has any more. */
export function pixelsGone(): EngineError {
  return new EngineError(PIXELS_GONE, 'The pixels of the job have expired.', {
    hint: 'Run the command again.',
  });
}

/** Whether a job failed only because nobody had its pixels any more. */
export function lacksPixels(reason: string): boolean {
  return reason.startsWith(`${PIXELS_GONE}:`);
}

/** The error for a job on the dead list, of the reason that is kept with it. */
export function toDeadError(reason: string): EngineError {
  if (/stalled more than allowable/.test(reason)) {
    return new EngineError('QUEUE_WORKERS_DIED', `${ATTEMPTS} workers died while they worked on this.`, {
      hint: RETRY_HINT,
    });
  }
  const [, code = 'QUEUE_JOB_FAILED', sentence = reason] = /^([A-Z][A-Z_]+): (.*)$/s.exec(reason) ?? [];
  return new EngineError(code, `A worker failed: ${showName(sentence)}`, { hint: RETRY_HINT });
}
