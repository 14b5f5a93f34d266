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
  /** The model for requests that name none. */
  readonly defaultModel: string;
  /** The folder with the converted models. */
  readonly store: string;
  readonly startedAt: Date;
  /** Required from every client except on the Unix socket; absent when no key is required. */
  readonly apiKey: string | undefined;
  /** Lets this user's own commands use /engine. */
  readonly secret: string;
  /** Sites whose pages may send requests. */
  readonly origins: readonly string[];
  /** It listens on an address other than this machine's own, so its names are unknown. */
  readonly isPublic: boolean;
  /** The Label Studio whose own pictures may be fetched, wherever it runs. */
  readonly labelStudio: LabelStudio | undefined;
  /** Also fetch pictures from this machine and its network. */
  readonly allowsPrivateUrls: boolean;
  readonly log: (entry: LogEntry) => void;
}

/** A Label Studio named by the user who runs the server. */
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

/** What a route reports about its request. */
export interface RequestFacts {
  task?: string;
  model?: string;
  pictures?: number;
  tokens?: number;
  /** What went wrong after the answer had started, or a bug. */
  error?: string;
}

/** What hono's handlers find in their context. */
export interface ServeEnv {
  readonly Bindings: Partial<HttpBindings> & { readonly isUnixSocket?: boolean };
  readonly Variables: { facts: RequestFacts };
}

/** The app that routes are added to. */
export type App = Hono<ServeEnv>;
