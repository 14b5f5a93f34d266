import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CancelledError, ToolMissingError } from '../../base/errors.js';

/** The two programs that read and write videos. */
export interface FfmpegTools {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  /** Of ffmpeg, as [major, minor]; see parseFfmpegVersion for builds without a number. */
  readonly version: readonly [number, number];
  /** Where ffmpeg was found. */
  readonly origin: 'environment' | 'path' | 'package';
}

/** Parts that tests replace. */
export interface FfmpegSearch {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The path of an npm package's program, or undefined when it is not installed. */
  readonly findPackaged: (packageName: string) => string | undefined;
}

const installCommands: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'brew install ffmpeg',
  win32: 'winget install ffmpeg',
  linux: 'sudo apt install ffmpeg',
};

const processSearch: FfmpegSearch = { env: process.env, platform: process.platform, findPackaged };
let found: Promise<FfmpegTools> | undefined;

/**
 * Find ffmpeg and ffprobe: FFMPEG_PATH and FFPROBE_PATH first, then the PATH, then the npm packages. Searched for
 * once per process.
 *
 * @throws {ToolMissingError} one of them cannot be found, or does not run. {CancelledError} Ctrl-C ended it.
 */
export function findFfmpeg(search: FfmpegSearch = processSearch): Promise<FfmpegTools> {
  if (search !== processSearch) return searchTools(search);
  found ??= searchTools(search);
  found.catch(() => (found = undefined));
  return found;
}

async function searchTools(search: FfmpegSearch): Promise<FfmpegTools> {
  const ffmpeg = await findTool('ffmpeg', 'FFMPEG_PATH', '@ffmpeg-installer/ffmpeg', search);
  const ffprobe = await findTool('ffprobe', 'FFPROBE_PATH', '@ffprobe-installer/ffprobe', search);
  const version = await readVersion(ffmpeg.path, search);
  return { ffmpegPath: ffmpeg.path, ffprobePath: ffprobe.path, version, origin: ffmpeg.origin };
}

async function findTool(
  name: string,
  variable: string,
  packageName: string,
  search: FfmpegSearch,
): Promise<{ path: string; origin: FfmpegTools['origin'] }> {
  const named = search.env[variable];
  if (named) {
    if (await isProgram(named)) return { path: named, origin: 'environment' };
    throw new ToolMissingError('TOOL_MISSING', `${variable} names ${named}, which is not a program.`, {
      hint: `Correct ${variable}, or take it out of the environment.`,
    });
  }
  const fileName = search.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of (search.env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && (await isProgram(join(folder, fileName)))) {
      return { path: join(folder, fileName), origin: 'path' };
    }
  }
  const packaged = search.findPackaged(packageName);
  if (packaged !== undefined && (await isPackagedProgram(packaged)))
    return { path: packaged, origin: 'package' };
  throw new ToolMissingError('TOOL_MISSING', `Videos need ${name}, which is not installed.`, {
    hint: `Install it with: ${installCommands[search.platform] ?? 'npm install @ffmpeg-installer/ffmpeg'}`,
  });
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Install scripts make the packages' programs executable, but many installations skip them; then it is done here. */
async function isPackagedProgram(path: string): Promise<boolean> {
  if (await isProgram(path)) return true;
  await chmod(path, 0o755).catch(() => undefined);
  return isProgram(path);
}

/** The packages have no useful types: each exports `path`, and throws where it has no program. */
function findPackaged(packageName: string): string | undefined {
  try {
    const { path } = createRequire(import.meta.url)(packageName) as { path?: unknown };
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

async function readVersion(path: string, search: FfmpegSearch): Promise<readonly [number, number]> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-hide_banner', '-version'], { windowsHide: true });
    return parseFfmpegVersion(stdout);
  } catch (cause) {
    if (wasInterrupted(cause)) throw new CancelledError();
    throw new ToolMissingError('TOOL_MISSING', `${path} does not run.`, {
      hint: `Install ffmpeg again: ${installCommands[search.platform] ?? 'see https://ffmpeg.org'}`,
      cause,
    });
  }
}

/** Whether a tool was ended by Ctrl-C, which goes to every process of the terminal; ours may hear of it later. */
export function wasInterrupted(error: unknown): boolean {
  return (error as { signal?: string }).signal === 'SIGINT';
}

/**
 * Read what `ffmpeg -version` says. Builds between versions have no number, only the year of their copyright: those
 * of 2023 and later have all that version 5.1 (July 2022) has and count as newer than any; older ones as 4.0.
 */
export function parseFfmpegVersion(text: string): readonly [number, number] {
  const match = /^ffmpeg version n?(\d+)\.(\d+)/.exec(text);
  if (match) return [Number(match[1]), Number(match[2])];
  const year = Number(/^ffmpeg version .*Copyright \(c\) \d+-(\d+)/.exec(text)?.[1] ?? Infinity);
  return year >= 2023 ? [Infinity, 0] : [4, 0];
}
