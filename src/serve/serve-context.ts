import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Admission } from './admission.js';
import type { Metrics } from './metrics.js';
import type { ModelPool } from './model-pool.js';

/** What the routes share. */
export interface ServeContext {
  readonly version: string;
  readonly models: ModelPool;
  readonly admission: Admission;
  readonly metrics: Metrics;
  /** The model of requests that name none. */
  readonly defaultModel: string;
  /** The folder of the converted models. */
  readonly store: string;
  readonly startedAt: Date;
  /** Asked of every client but those of the Unix socket; absent where none is asked for. */
  readonly apiKey: string | undefined;
  /** Lets this user's own commands use /engine. */
  readonly secret: string;
  /** Sites whose pages may ask. */
  readonly origins: readonly string[];
  /** It listens on an address other than this machine's own: its names are not known. */
  readonly isPublic: boolean;
  /** The Label Studio whose own pictures may be fetched, wherever it is. */
  readonly labelStudio: LabelStudio | undefined;
  /** Fetch pictures from this machine and its network, too. */
  readonly allowsPrivateUrls: boolean;
  readonly log: (entry: LogEntry) => void;
}

/** A Label Studio that the user who runs the server has named. */
export interface LabelStudio {
  readonly url: URL;
  readonly token: string | undefined;
}

/** One request, for the log. */
export interface LogEntry {
  readonly time: Date;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly facts: RequestFacts;
}

/** What a route says of its request. */
export interface RequestFacts {
  task?: string;
  model?: string;
  pictures?: number;
  tokens?: number;
  /** What went wrong after the answer had begun, or a bug. */
  error?: string;
}

/** What hono's handlers find in their context. */
export interface ServeEnv {
  readonly Bindings: Partial<HttpBindings> & { readonly isUnixSocket?: boolean };
  readonly Variables: { facts: RequestFacts };
}

/** The app that routes are added to. */
export type App = Hono<ServeEnv>;
