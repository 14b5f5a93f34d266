import { createInterface, type Interface } from 'node:readline';
import { exitCodes, type ExitCode } from '../base/errors.js';
import { printablePath } from '../render/printable-path.js';
import { createTextRenderer } from '../render/formats/text.js';
import { followBlocks } from './follow-blocks.js';
import { hintWinpty } from './input/hint-winpty.js';
import { LineQueue } from './session/line-queue.js';
import type { Session } from './session/state/session.js';
import type { Block } from './session/state/session-state.js';
import { onAbort } from '../base/signals/on-abort.js';

/**
 * Work on the lines of stdin, one after the other, without a prompt: answers go to stdout as the text format of the
 * commands has them, everything else to stderr. An answer to one of several pictures begins with its name.
 *
 * @returns the exit code of the first line that failed, or ok.
 */
export async function runLines(
  session: Session,
  { paths, signal }: { readonly paths: readonly string[]; readonly signal: AbortSignal },
): Promise<ExitCode> {
  const queue = new LineQueue(session);
  let exitCode: ExitCode = exitCodes.ok;
  let hasLeft = false;
  const { stdin, stdout, stderr } = process;
  followBlocks(session, (block) => {
    if ((block.type === 'error' || block.type === 'moment') && exitCode === exitCodes.ok)
      exitCode = block.exitCode;
    const { text, isResult } = formatForPipe(block, stdout.isTTY === true);
    if (text !== '') (isResult ? stdout : stderr).write(text);
  });
  let reader: Interface | undefined;
  const stop = (): void => {
    hasLeft = true;
    queue.cancel();
    reader?.close();
  };
  session.onLeave = stop;
  onAbort(signal, stop);
  const endHint = hintWinpty(
    { platform: process.platform, env: process.env, isTerminal: stdin.isTTY === true },
    (sentence) => stderr.write(`note: ${sentence}\n`),
  );
  try {
    await queue.start(paths);
    // Not earlier: lines without a listener are lost, and so is their end.
    reader = createInterface({ input: stdin, crlfDelay: Infinity });
    if (hasLeft) reader.close();
    for await (const line of reader) {
      endHint();
      if (hasLeft) break;
      await queue.submit(line);
    }
  } finally {
    endHint();
    reader?.close();
    await queue.close();
  }
  signal.throwIfAborted();
  return exitCode;
}

function formatForPipe(block: Block, isTerminal: boolean): { text: string; isResult: boolean } {
  switch (block.type) {
    case 'answer': {
      const style = { withInputName: block.pictureName !== undefined, isTerminal, isColored: false };
      return { text: createTextRenderer(style).renderResult(block.result), isResult: true };
    }
    case 'table': {
      const rows = block.rows.map(([name, value]) => (value === '' ? name : `${name}\t${value}`));
      return {
        text: rows.map((row) => `${printablePath(row.replaceAll('\t', '  '))}\n`).join(''),
        isResult: true,
      };
    }
    case 'error': {
      const hint = block.hint === undefined ? '' : `       ${printablePath(block.hint)}\n`;
      return { text: `error: ${printablePath(block.message)}\n${hint}`, isResult: false };
    }
    case 'note':
      return { text: `${printablePath(block.text)}\n`, isResult: false };
    case 'moment':
      return formatMoment(block, isTerminal);
    case 'header':
    case 'video':
    case 'timeline':
    case 'picture':
      return { text: '', isResult: false };
  }
}

/** The frames of a moment as the commands' text format has them; one that failed says why. */
function formatMoment(
  { moment, pictureName }: Extract<Block, { type: 'moment' }>,
  isTerminal: boolean,
): { text: string; isResult: boolean } {
  const error = moment.results[0].error;
  if (error !== undefined) return { text: `error: ${printablePath(error.message)}\n`, isResult: false };
  const renderer = createTextRenderer({
    withInputName: pictureName !== undefined,
    isTerminal,
    isColored: false,
  });
  return { text: moment.results.map((result) => renderer.renderResult(result)).join(''), isResult: true };
}
