import { createRequire } from 'node:module';
import { PassThrough, type Readable } from 'node:stream';
import type fluentFfmpeg from 'fluent-ffmpeg';
import type { FfmpegTools } from './find-ffmpeg.js';
import { toolEnvironment } from './tool-environment.js';

/** One input of a run: an address or raw bytes, and the options that stand before it. */
export interface FfmpegInput {
  readonly source: string | Readable;
  readonly options: readonly string[];
}

/** What to run. */
export interface FfmpegJob {
  readonly tools: FfmpegTools;
  readonly inputs: readonly FfmpegInput[];
  /** At least two words. */
  readonly outputOptions: readonly string[];
  /** A file's address; without one the output is the run's `stdout`. */
  readonly output?: string;
  /** Variables for its environment, besides ours. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Each line that ffmpeg writes to stderr. */
  readonly onLine?: (line: string) => void;
}

/** How a run ended. */
export interface FfmpegEnd {
  /** ffmpeg failed, or was stopped. */
  readonly error?: Error;
  /** Ctrl-C in the terminal reached ffmpeg too, and it closed its output properly. */
  readonly wasInterrupted: boolean;
  /** The signal that ended it, where that was not ours: somebody killed it, or it crashed. */
  readonly killedBy?: string;
  /** The last lines of stderr. */
  readonly lines: readonly string[];
}

/** A running process. */
export interface FfmpegRun {
  /** The output's bytes; ffmpeg waits until they are read. */
  readonly stdout: PassThrough;
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  /** Kill it, now or as soon as it has started. */
  readonly stop: () => void;
}

/** Bytes buffered between ffmpeg and us besides the pipe's own: large reads are what makes it fast. */
const PIPE_BYTES = 4 * 1024 * 1024;
const KEPT_LINES = 40;

const require = createRequire(import.meta.url);

const running = new Set<FfmpegRun>();
// A process that ends by process.exit or an error stops its ffmpeg, too.
process.on('exit', () => running.forEach((run) => run.stop()));

/** Start ffmpeg. It never reads from the terminal or asks anything, and overwrites the output. */
export function runFfmpeg(job: FfmpegJob): FfmpegRun {
  // Opened with the first video: the session has its prompt before.
  const ffmpeg = require('fluent-ffmpeg') as typeof fluentFfmpeg;
  const command = ffmpeg().setFfmpegPath(job.tools.ffmpegPath);
  adaptCommand(command, job.env ?? {});
  for (const { source, options } of job.inputs) {
    command.input(source);
    // Passed one by one they are not split at spaces.
    if (options.length > 1) command.inputOptions(...options);
  }
  const quiet = ['-hide_banner', '-nostats', '-loglevel', 'repeat+info'];
  command.outputOptions(...quiet, ...job.outputOptions);
  const lines: string[] = [];
  let hasStarted = false;
  let isStopped = false;
  const stdout = new PassThrough({ highWaterMark: PIPE_BYTES });
  const ended = new Promise<FfmpegEnd>((settle) => {
    const end = (error?: Error): void => {
      running.delete(run);
      // Otherwise the pipe ends it, after the last bytes.
      if (!hasStarted) stdout.end();
      const wasInterrupted = lines.some((line) => line.startsWith('Exiting normally, received signal 2'));
      const killedBy = isStopped || wasInterrupted ? undefined : readSignal(error, lines);
      settle({ ...(error && { error }), ...(killedBy && { killedBy }), wasInterrupted, lines });
    };
    command.on('error', end).on('end', () => end());
  });
  command.on('stderr', (line: string) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    job.onLine?.(line);
  });
  command.on('start', () => {
    hasStarted = true;
    if (isStopped) command.kill('SIGKILL');
  });
  const run: FfmpegRun = {
    stdout,
    ended,
    stop: () => {
      isStopped = true;
      command.kill('SIGKILL');
    },
  };
  running.add(run);
  if (job.output === undefined) command.pipe(stdout);
  else command.output(job.output).run();
  return run;
}

/** ffmpeg catches SIGTERM and ends its output as if nothing were missing; the package names the others in its error. */
function readSignal(error: Error | undefined, lines: readonly string[]): string | undefined {
  if (lines.some((line) => line.startsWith('Exiting normally, received signal'))) return 'SIGTERM';
  return /killed with signal (SIG[A-Z0-9]+)/.exec(error?.message ?? '')?.[1];
}

/** The function that the package calls to start a process; `options` may be omitted. */
interface CommandInside {
  _checkCapabilities(done: () => void): void;
  _spawnFfmpeg(args: string[], options: object, ...callbacks: unknown[]): void;
}

/**
 * The package has no option for the environment, which is the only place where ffmpeg before 4.4 looks for an https
 * proxy. Its own check of formats cannot read the list that ffmpeg 7 prints, and would refuse cameras: ffmpeg itself
 * reports what it lacks.
 */
function adaptCommand(command: object, env: Readonly<Record<string, string>>): void {
  const inside = command as CommandInside;
  inside._checkCapabilities = (done) => done();
  const spawnPlain = inside._spawnFfmpeg.bind(command);
  inside._spawnFfmpeg = (args, options, ...callbacks) => {
    if (typeof options === 'function') spawnPlain(args, options, ...callbacks);
    else spawnPlain(args, { ...options, env: toolEnvironment(env) }, ...callbacks);
  };
}
