import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import { builtFile } from '../../base/package-folder.js';
import { startDeadline } from '../../base/signals/deadline.js';
import { onAbort } from '../../base/signals/on-abort.js';

/** What the child is sent: bytes, and what messages call them. */
export interface DrawRequest {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** The drawing is given up when the process has grown beyond this. */
  readonly maxMemoryBytes: number;
}

/** How much a drawing may take. */
export interface DrawLimits {
  readonly durationMs: number;
  readonly memoryBytes: number;
}

/** What it answers. */
export type DrawReply =
  | { readonly image: RgbImage }
  | {
      readonly error: { readonly code: string; readonly message: string; readonly hint?: string | undefined };
    };

/** Real drawings take a second or two, and a few hundred megabytes when they are large. */
const LIMITS: DrawLimits = { durationMs: 60_000, memoryBytes: 2 * 2 ** 30 };
/** How much of the libraries' output is kept, characters. */
const MAX_COMPLAINT_CHARACTERS = 4096;

/** Whether bytes may be an SVG, plain or compressed: no other supported format begins like this. */
export function isSvg(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return true;
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('utf8');
  return start
    .replace(/^\ufeff/, '')
    .trimStart()
    .startsWith('<');
}

/**
 * Draw an SVG in a process of its own. A few lines of SVG can ask for hours of work, which nothing inside that
 * process can stop, not even exiting it; and the libraries write to stderr.
 *
 * @param name what messages call it.
 * @throws {InputError} not an SVG, damaged, too large, or not drawn within the limits. What `signal` was aborted with.
 */
export async function drawSvg(
  bytes: Uint8Array,
  name: string,
  signal?: AbortSignal,
  limits = LIMITS,
): Promise<RgbImage> {
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(builtFile('svg-child.js')), [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const complaint = collectComplaint(child);
  const deadline = startDeadline(limits.durationMs, signal);
  try {
    const reply = await askChild(child, { bytes, name, maxMemoryBytes: limits.memoryBytes }, deadline.signal);
    if (/out of range for property '(width|height)'/.test(complaint())) {
      throw new InputError('IMAGE_TOO_LARGE', `${name} is larger than can be drawn.`, {
        hint: 'Give it a smaller width and height.',
      });
    }
    if ('image' in reply) return reply.image;
    const { code, message, hint } = reply.error;
    throw new InputError(code, message, { hint });
  } catch (error) {
    signal?.throwIfAborted();
    if (!deadline.isOver()) throw error;
    throw new InputError(
      'IMAGE_TOO_SLOW',
      `${name} takes longer than ${limits.durationMs / 1000} s to draw.`,
      {
        hint: 'Save it as PNG first.',
        cause: error,
      },
    );
  } finally {
    deadline.clear();
    child.kill('SIGKILL');
  }
}

function askChild(child: ChildProcess, request: DrawRequest, until: AbortSignal): Promise<DrawReply> {
  return new Promise((resolve, reject) => {
    let reply: DrawReply = { error: { code: 'IMAGE_DAMAGED', message: `${request.name} cannot be drawn.` } };
    child.once('message', (message) => (reply = message as DrawReply));
    child.once('error', reject);
    // By then everything it wrote to stderr has arrived, too.
    child.once('close', () => resolve(reply));
    onAbort(until, () => reject(until.reason as Error));
    child.send(request, (error) => error && reject(error));
  });
}

function collectComplaint(child: ChildProcess): () => string {
  let text = '';
  child.stderr!.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(0, MAX_COMPLAINT_CHARACTERS);
  });
  return () => text;
}
