import { deviceNames, dtypes, type DeviceName, type Dtype } from '../../base/dtype.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { readChoice, readFlag, readText, readTexts } from './read-option.js';

/** Options that choose the model and where it runs. */
export const modelOptions: readonly OptionDefinition[] = [
  {
    flags: '--model <model>',
    description: 'name of a model (see pali models), or its folder',
    values: 'models',
  },
  { flags: '--dtype <dtype>', description: `form of the model: ${dtypes.join(', ')}`, values: dtypes },
  {
    flags: '--device <device>',
    description: `where it runs: ${deviceNames.join(', ')} (default: auto)`,
    values: deviceNames,
  },
];

/** For commands that ask a model. */
export const serverOptions: readonly OptionDefinition[] = [
  {
    flags: '--server <url>',
    description: 'ask the model of this server (pali serve); of several, the one with the least to do',
    isRepeatable: true,
  },
  { flags: '--no-server', description: 'load the model here, also when a server runs (pali serve)' },
];

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

export function readVerbosity({ options }: CommandCall): Verbosity {
  const isDebug = readFlag(options, 'debug');
  const isVerbose = isDebug || readFlag(options, 'verbose');
  return { isDebug, isVerbose, isQuiet: readFlag(options, 'quiet') && !isVerbose };
}
