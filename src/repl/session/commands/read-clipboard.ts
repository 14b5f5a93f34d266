import { spawn } from 'node:child_process';
import { InputError, ToolMissingError } from '../../../base/errors.js';

/** Largest picture accepted, bytes: an 8K screen as PNG. */
const MAX_BYTES = 128 * 1024 * 1024;
/** How long to wait for the clipboard's owner to answer, milliseconds. */
const TIMEOUT_MS = 5000;

/** A program that writes the clipboard's picture to stdout. */
interface ClipboardTool {
  readonly program: string;
  readonly args: readonly string[];
  /** Its output is base64. */
  readonly isBase64?: boolean;
}

const POWERSHELL =
  'Add-Type -AssemblyName System.Windows.Forms,System.Drawing;' +
  '$i=[System.Windows.Forms.Clipboard]::GetImage();if($i -eq $null){exit 1};' +
  '$m=New-Object System.IO.MemoryStream;$i.Save($m,[System.Drawing.Imaging.ImageFormat]::Png);' +
  '[Console]::Out.Write([Convert]::ToBase64String($m.ToArray()))';

/** The programs to try, in order. */
export function clipboardTools(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): ClipboardTool[] {
  const powershell = {
    program: 'powershell.exe',
    args: ['-NoProfile', '-STA', '-Command', POWERSHELL],
    isBase64: true,
  };
  if (platform === 'win32') return [powershell];
  if (platform === 'darwin') return [{ program: 'pngpaste', args: ['-'] }];
  const wayland = { program: 'wl-paste', args: ['--no-newline', '--type', 'image/png'] };
  const x11 = { program: 'xclip', args: ['-selection', 'clipboard', '-target', 'image/png', '-out'] };
  const tools = env['WAYLAND_DISPLAY'] ? [wayland, x11] : [x11, wayland];
  return env['WSL_DISTRO_NAME'] ? [...tools, powershell] : tools;
}

/** Runs a program: its stdout when it exited with 0, undefined when it failed, `missing` when it is not installed. */
export type RunTool = (program: string, args: readonly string[]) => Promise<Buffer | 'missing' | undefined>;

/**
 * The picture on the clipboard, as the bytes of a file.
 *
 * @throws {InputError} there is no picture on it. {ToolMissingError} no program that can read it is installed.
 */
export async function readClipboard(
  tools: readonly ClipboardTool[] = clipboardTools(process.platform, process.env),
  run: RunTool = runTool,
): Promise<Uint8Array> {
  let isAnyThere = false;
  for (const { program, args, isBase64 } of tools) {
    const output = await run(program, args);
    if (output === 'missing') continue;
    isAnyThere = true;
    if (output === undefined || output.length === 0) continue;
    return isBase64 === true ? Buffer.from(output.toString('ascii'), 'base64') : output;
  }
  if (isAnyThere) {
    throw new InputError('CLIPBOARD_EMPTY', 'There is no picture on the clipboard.', {
      hint: 'Copy a picture first, not its file.',
    });
  }
  const names = tools.map(({ program }) => program).join(' or ');
  throw new ToolMissingError('CLIPBOARD_TOOL', `The clipboard cannot be read: ${names} is not installed.`, {
    hint: `Install ${names}, or open the picture from a file.`,
  });
}

const runTool: RunTool = (program, args) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ENOENT' ? 'missing' : undefined),
    );
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks) : undefined));
  });
