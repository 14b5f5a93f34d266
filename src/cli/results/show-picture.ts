import { execFile } from 'node:child_process';
import type { TaskResult } from '../../base/task-result.js';
import type { RgbImage } from '../../base/image.js';
import { drawDetections } from '../../render/drawing/overlay.js';
import {
  chooseProtocol,
  type ProtocolChoice,
  type ShowChoice,
} from '../../render/terminal-picture/choose-protocol.js';
import { encodeTerminalPicture } from '../../render/terminal-picture/encode-terminal-picture.js';
import type { ShowWord } from '../options/output-options.js';

/** The most rows a picture takes, and the rows that stay free below it for the answer. */
const MAX_ROWS = 24;
const FREE_ROWS = 4;
/** Size of a terminal that does not report one. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };
/** tmux answers at once or not at all, milliseconds. */
const TMUX_TIMEOUT_MS = 500;

const choices: Readonly<Record<ShowWord, ShowChoice>> = {
  auto: 'auto',
  kitty: 'kitty',
  iterm: 'iterm2',
  sixel: 'sixel',
  blocks: 'blocks',
  ascii: 'ascii',
  never: 'none',
};

/** A picture with what was found drawn on it, as text for the terminal. */
export type PictureFormatter = (image: RgbImage, result: TaskResult) => Promise<string>;

/** @returns undefined when no picture should, or can, be shown. */
export async function createPictureFormatter(
  word: ShowWord,
  stdout: NodeJS.WriteStream = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): Promise<PictureFormatter | undefined> {
  const isInTmux = word === 'auto' && stdout.isTTY === true && Boolean(env['TMUX']);
  const hasTmuxPassthrough = isInTmux && (await askTmux());
  const options = { show: choices[word], hasTmuxPassthrough };
  const protocol: ProtocolChoice | undefined = chooseProtocol(env, stdout.isTTY === true, options);
  if (protocol === undefined) return undefined;
  return async (image, { detections = [] }) => {
    const columns = stdout.columns || DEFAULT_SIZE.columns;
    const rows = Math.min(MAX_ROWS, Math.max(1, (stdout.rows || DEFAULT_SIZE.rows) - FREE_ROWS));
    return encodeTerminalPicture(await drawDetections(image, detections), protocol, { columns, rows });
  };
}

/** Whether tmux passes escape sequences on to the terminal around it. */
async function askTmux(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(
      'tmux',
      ['display-message', '-p', '#{allow-passthrough}'],
      { timeout: TMUX_TIMEOUT_MS },
      (error, stdout) => resolve(error === null && /^(on|all|1)$/.test(stdout.trim())),
    );
  });
}
