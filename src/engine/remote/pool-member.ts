import type { ServedModel } from './contract.js';
import type { RemoteEngine } from './remote-engine.js';
import { ServerFailure } from './server-errors.js';

/** First pause of a server that failed, milliseconds; doubled with each failure. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 60_000;

/** One of several servers, and how it has done so far. */
export interface PoolMember {
  readonly name: string;
  readonly engine: RemoteEngine;
  /** Absent until it has loaded the model. */
  model?: ServedModel;
  loading: Promise<void>;
  requests: number;
  /** In a row. */
  failures: number;
  /** By performance.now: not asked before. */
  pausedUntil: number;
  /** Its queue is full until then. */
  fullUntil: number;
  /** Why it is not asked now, or was not last time. */
  reason: string;
  /** For good: it has another model. */
  isOut: boolean;
}

export function createMember(name: string, engine: RemoteEngine): PoolMember {
  return {
    name,
    engine,
    loading: Promise.resolve(),
    requests: 0,
    failures: 0,
    pausedUntil: 0,
    fullUntil: 0,
    reason: 'was not asked',
    isOut: false,
  };
}

/**
 * Leave a server that failed out for a while.
 * @returns whether it is its first failure in a row.
 */
export function pauseMember(member: PoolMember, error: ServerFailure, pauseMs = PAUSE_MS): boolean {
  member.pausedUntil = performance.now() + Math.min(MAX_PAUSE_MS, pauseMs * 2 ** member.failures);
  // What it serves when it comes back is asked again.
  delete member.model;
  member.reason = error.message;
  return member.failures++ === 0;
}

/** The error when none is left, with each one's reason. */
export function noneLeft(members: readonly PoolMember[]): ServerFailure {
  return new NoServerLeft(
    members.map(({ name, reason }) => (reason.includes(name) ? reason : `The server ${name} ${reason}.`)),
  );
}

class NoServerLeft extends ServerFailure {
  constructor(reasons: readonly string[]) {
    super('SERVERS_FAILED', '', '');
    this.message = `No server is left to ask. ${reasons.join(' ')}`;
  }
}
