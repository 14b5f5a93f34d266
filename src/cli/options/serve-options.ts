import { UsageError } from '../../base/errors.js';
import { readKeepAlive } from '../../base/keep-alive.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { modelOptions } from './model-options.js';
import { readChoice, readFlag, readNumber, readText, readTexts } from './read-option.js';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 11500;
const DEFAULT_KEEP_ALIVE = '5m';
const DEFAULT_QUEUE = 64;
const MAX_QUEUE = 10_000;
const MAX_MODELS = 16;
const MAX_PORT = 65_535;

/** Options of pali serve. */
export const serveFlags: readonly OptionDefinition[] = [
  { flags: '--host <address>', description: `listen on this address (default: ${DEFAULT_HOST})` },
  { flags: '--port <number>', description: `listen on this port, 0 for any (default: ${DEFAULT_PORT})` },
  {
    flags: '--socket <path>',
    description: 'the Unix socket for your own commands, if not the usual one',
  },
  { flags: '--local', description: 'only for your own commands: no port' },
  ...modelOptions,
  {
    flags: '--keep-alive <time>',
    description: `how long an unused model stays in memory: 30s, 5m, 0, -1 for ever (default: ${DEFAULT_KEEP_ALIVE})`,
  },
  { flags: '--max-models <count>', description: 'models in memory at the same time (default: 1)' },
  {
    flags: '--max-queue <count>',
    description: `requests at the same time (default: ${DEFAULT_QUEUE})`,
  },
  {
    flags: '--api-key <key>',
    description: 'require this key of every client (PALI_API_KEY); needed if --host is not this machine',
  },
  {
    flags: '--cors <origin>',
    description: 'let pages from this site use the server; * for all',
    isRepeatable: true,
  },
  { flags: '--allow-private-urls', description: 'also fetch pictures from this machine and its network' },
  { flags: '--background', description: 'start it and leave it running' },
  { flags: '--until-idle', description: 'exit when the last model leaves memory' },
  {
    flags: '--log <form>',
    description: 'how each request is logged on stderr: text or json (default: text)',
    values: ['text', 'json'],
  },
  { flags: '-q, --quiet', description: 'do not log requests' },
  { flags: '--debug', description: "pass on the engine's own messages" },
];

/** The options of one call, checked. */
export interface ServeFlags {
  /** Undefined with --local. */
  readonly host: string | undefined;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly keepAliveMs: number;
  readonly maxModels: number;
  readonly maxQueue: number;
  readonly apiKey: string | undefined;
  readonly origins: readonly string[];
  readonly allowsPrivateUrls: boolean;
  /** The one of the environment. */
  readonly labelStudio: { readonly url: URL; readonly token: string | undefined } | undefined;
  readonly isBackground: boolean;
  readonly endsWhenIdle: boolean;
  readonly log: 'text' | 'json' | 'none';
  readonly isDebug: boolean;
  /** The command line of the same server in the foreground, without the key. */
  readonly backgroundArguments: readonly string[];
}

/** @throws {UsageError} a value is wrong, or a server would be open to others without a key. */
export function readServeFlags(call: CommandCall): ServeFlags {
  const { options } = call;
  const isLocal = readFlag(options, 'local');
  const host = isLocal ? undefined : (readText(options, 'host') ?? DEFAULT_HOST);
  const apiKey = readText(options, 'apiKey') ?? (process.env['PALI_API_KEY'] || undefined);
  if (host !== undefined && !isLoopback(host) && apiKey === undefined) {
    throw new UsageError(
      'API_KEY_MISSING',
      `On ${host} others could use the server, too: that needs a key.`,
      {
        hint: 'Give one with --api-key or PALI_API_KEY.',
      },
    );
  }
  const origins = readTexts(options, 'cors');
  for (const origin of origins) {
    if (origin !== '*' && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
      throw new UsageError('OPTION_VALUE', `--cors cannot be '${origin}'.`, {
        hint: 'It is an origin such as https://example.org, without a path.',
      });
    }
  }
  return {
    host,
    port:
      readNumber(options, 'port', { min: 0, max: MAX_PORT, isWhole: true }) ?? (isLocal ? 0 : DEFAULT_PORT),
    socketPath: readText(options, 'socket'),
    keepAliveMs: readKeepAlive(readText(options, 'keepAlive') ?? DEFAULT_KEEP_ALIVE, '--keep-alive'),
    maxModels: readNumber(options, 'maxModels', { min: 1, max: MAX_MODELS, isWhole: true }) ?? 1,
    maxQueue: readNumber(options, 'maxQueue', { min: 1, max: MAX_QUEUE, isWhole: true }) ?? DEFAULT_QUEUE,
    apiKey,
    origins,
    allowsPrivateUrls: readFlag(options, 'allowPrivateUrls'),
    labelStudio: readLabelStudio(),
    isBackground: readFlag(options, 'background'),
    endsWhenIdle: readFlag(options, 'untilIdle'),
    log: readFlag(options, 'quiet') ? 'none' : (readChoice(options, 'log', ['text', 'json']) ?? 'text'),
    isDebug: readFlag(options, 'debug'),
    backgroundArguments: toArguments(options),
  };
}

function readLabelStudio(): ServeFlags['labelStudio'] {
  const url = process.env['LABEL_STUDIO_URL'];
  if (!url) return undefined;
  if (/^https?:\/\//.test(url) && URL.canParse(url)) {
    return { url: new URL(url), token: process.env['LABEL_STUDIO_API_KEY'] || undefined };
  }
  throw new UsageError('OPTION_VALUE', `LABEL_STUDIO_URL cannot be '${url}'.`, {
    hint: 'It is an http address.',
  });
}

/** Whether only programs of this machine reach a host. */
function isLoopback(host: string): boolean {
  return /^(localhost|::1|127\.\d+\.\d+\.\d+)$/.test(host);
}

/** The options as words again. The key goes by the environment: command lines are everyone's to read. */
function toArguments(options: CommandCall['options']): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (name === 'background' || name === 'apiKey') return [];
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === true) return [flag];
    return [value].flat().map((one) => `${flag}=${String(one)}`);
  });
}
