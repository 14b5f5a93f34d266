import { deviceNames, dtypes, type DeviceName, type Dtype } from '../../base/dtype.js';
import { UsageError } from '../../base/errors.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { readChoice, readFlag, readText, readTexts } from './read-option.js';

/** Options that choose the model and where it runs. */
export const modelOptions: readonly OptionDefinition[] = [
  {
    flags: '--model <model>',
    description: 'name of a model (see pali models), or its folder',
    values: 'models',
  },
  { flags: '--dtype <dtype>', description: `dtype of the model: ${dtypes.join(', ')}`, values: dtypes },
  {
    flags: '--device <device>',
    description: `where it runs: ${deviceNames.join(', ')} (default: auto)`,
    values: deviceNames,
  },
];

/** For commands that make a model. */
export const noPackedOption: OptionDefinition = {
  flags: '--no-packed',
  description: 'write no packed weights for 4-bit decoders: less disk space, slower loading on the CPU',
};

/** For commands that ask a model. */
export const serverOptions: readonly OptionDefinition[] = [
  {
    flags: '--server <url>',
    description: 'use the model of this server (pali serve); of several, the least busy one',
    isRepeatable: true,
  },
  { flags: '--no-server', description: 'load the model here, even if a server runs (pali serve)' },
];

/** For commands that ask about many inputs. */
export const queueOption: OptionDefinition = {
  flags: '--queue <url>',
  description: 'let the workers of this queue answer, on Redis or PostgreSQL (pali worker)',
};

/** Where the model may be asked, if not here. */
export interface ServerChoice {
  /** Ask a running server of this user. */
  readonly usesServer: boolean;
  /** Ask these servers, and load nothing here. */
  readonly servers: readonly string[];
}

/** The servers that are named, or those of PALI_SERVERS; none with --no-server. */
export function readServerOptions({ options }: CommandCall): ServerChoice {
  if (options['server'] === false) return { usesServer: false, servers: [] };
  const named = readTexts(options, 'server');
  const ofEnvironment = process.env['PALI_SERVERS']?.split(/[\s,]+/) ?? [];
  return {
    usesServer: true,
    servers: (named.length > 0 ? named : ofEnvironment).filter((server) => server !== ''),
  };
}

/** Where the model may be asked about many inputs. */
export interface QueueChoice extends ServerChoice {
  /** Ask the workers of this queue, and load nothing here. */
  readonly queue: string | undefined;
}

/**
 * As readServerOptions, and the queue that is named, or that of PALI_QUEUE_URL; none with --server or --no-server.
 * @throws {UsageError} both are named.
 */
export function readQueueOptions(call: CommandCall): QueueChoice {
  const { options } = call;
  const queue = readText(options, 'queue');
  const isElsewhere = readTexts(options, 'server').length > 0 || options['server'] === false;
  if (queue !== undefined && isElsewhere) {
    throw new UsageError('OPTION_VALUE', 'Use either a queue or servers, not both.', {
      hint: 'Leave out --queue, or --server and --no-server.',
    });
  }
  const chosen = isElsewhere ? undefined : (queue ?? (process.env['PALI_QUEUE_URL'] || undefined));
  if (chosen === undefined) return { ...readServerOptions(call), queue: undefined };
  return { usesServer: false, servers: [], queue: chosen };
}

/** @throws {UsageError} a device is chosen, and the workers of a queue choose theirs. */
export function refuseDeviceOnQueue({ queue }: QueueChoice, { device }: ModelOptions): void {
  if (queue === undefined || device === undefined || device === 'auto') return;
  throw new UsageError('OPTION_VALUE', '--device is for a model that is loaded here.', {
    hint: 'Give it to the worker: pali worker --device. To load the model here, add --no-server.',
  });
}

/** Options for how much is reported on stderr. */
export const verbosityOptions: readonly OptionDefinition[] = [
  { flags: '-q, --quiet', description: 'only errors on stderr' },
  { flags: '-v, --verbose', description: 'report the device and timings on stderr' },
  { flags: '--debug', description: 'show everything, including stack traces of errors' },
];

/** How much is reported on stderr. */
export interface Verbosity {
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isDebug: boolean;
}

/** The model that was asked for; what is absent, the settings say (see settings.ts). */
export interface ModelOptions {
  readonly model: string | undefined;
  readonly dtype: Dtype | undefined;
  readonly device: DeviceName | undefined;
}

/** @throws {UsageError} an unknown dtype or device. */
export function readModelOptions({ options }: CommandCall): ModelOptions {
  return {
    model: readText(options, 'model'),
    dtype: readChoice(options, 'dtype', dtypes),
    device: readChoice(options, 'device', deviceNames),
  };
}

/** --debug reports what --verbose does, too, and both win over --quiet. */
export function readVerbosity({ options }: CommandCall): Verbosity {
  const isDebug = readFlag(options, 'debug');
  const isVerbose = isDebug || readFlag(options, 'verbose');
  return { isDebug, isVerbose, isQuiet: readFlag(options, 'quiet') && !isVerbose };
}
