import { execFile } from 'node:child_process';
import type { TaskResult } from '../../base/task-result.js';
import type { RgbImage } from '../../base/image.js';
import { drawForTerminal } from '../../render/drawing/draw-for-terminal.js';
import { chooseProtocol, type ProtocolChoice } from '../../render/terminal-picture/choose-protocol.js';
import type { PictureSpace } from '../../render/terminal-picture/fit-picture.js';
import type { ShowWord } from '../../render/terminal-picture/show-words.js';

/** The most rows a picture takes, and the rows that stay free below it for the answer. */
const MAX_ROWS = 24;
const FREE_ROWS = 4;
/** Size of a terminal that does not report one. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };
/** tmux answers at once or not at all, milliseconds. */
const TMUX_TIMEOUT_MS = 500;

/** A picture with what was found drawn on it, as text for the terminal. */
export type PictureFormatter = (image: RgbImage, result: TaskResult) => Promise<string>;

/** @returns undefined when no picture should, or can, be shown. */
export async function createPictureFormatter(
  word: ShowWord,
  stdout: NodeJS.WriteStream = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): Promise<PictureFormatter | undefined> {
  const protocol = await chooseShown(word, stdout, env);
  if (protocol === undefined) return undefined;
  return async (image, { detections = [] }) => {
    const findings = { detections, size: image };
    return (await drawForTerminal(image, findings, protocol, showSpace(stdout))).text;
  };
}

/** How this terminal draws what a user asked for; undefined when no picture should, or can, be shown. */
export async function chooseShown(
  word: ShowWord,
  stdout: NodeJS.WriteStream = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProtocolChoice | undefined> {
  const isInTmux = word === 'auto' && stdout.isTTY === true && Boolean(env['TMUX']);
  const hasTmuxPassthrough = isInTmux && (await askTmux());
  return chooseProtocol(env, stdout.isTTY === true, { show: word, hasTmuxPassthrough });
}

/** The room that a picture may take. */
export function showSpace(stdout: Pick<NodeJS.WriteStream, 'columns' | 'rows'>): PictureSpace {
  const columns = stdout.columns || DEFAULT_SIZE.columns;
  const rows = Math.min(MAX_ROWS, Math.max(1, (stdout.rows || DEFAULT_SIZE.rows) - FREE_ROWS));
  return { columns, rows };
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
