import { text } from 'node:stream/consumers';
import { CancelledError, UsageError } from '../../base/errors.js';

/** A token has a few dozen characters. */
const MAX_SECRET_LENGTH = 4096;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
/** Around a pasted text. */
// eslint-disable-next-line no-control-regex
const PASTE_MARKS = /\u001b\[20[01]~/g;
const ERASE = ['\u007f', '\b'];

/** Where a secret is typed. */
export interface SecretTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: { write(text: string): unknown };
}

/**
 * Read one line that must not be seen: from a terminal without echo, else the whole of stdin.
 * @throws {CancelledError} Ctrl-C. {UsageError} nothing was given, or far too much.
 */
export async function readSecret(
  question: string,
  { input, output }: SecretTerminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  const secret = (input.isTTY ? await readHidden(question, input, output) : await text(input)).trim();
  if (secret !== '' && secret.length <= MAX_SECRET_LENGTH) return secret;
  throw new UsageError('TOKEN', secret === '' ? 'No token was given.' : 'That is too long for a token.', {
    hint: 'Type it when asked, or give it on stdin: pali login < FILE',
  });
}

async function readHidden(
  question: string,
  input: NodeJS.ReadStream,
  output: SecretTerminal['output'],
): Promise<string> {
  output.write(question);
  input.setRawMode(true);
  input.setEncoding('utf8');
  input.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = '';
      input.on('end', () => resolve(typed));
      input.on('data', (keys: string) => {
        for (const key of keys.replace(PASTE_MARKS, '')) {
          if (key === '\r' || key === '\n' || key === CTRL_D) return resolve(typed);
          if (key === CTRL_C) return reject(new CancelledError());
          if (key === CTRL_U) typed = '';
          else if (ERASE.includes(key)) typed = typed.slice(0, -1);
          else if (typed.length <= MAX_SECRET_LENGTH) typed += key;
        }
      });
    });
  } finally {
    input.removeAllListeners('data');
    input.removeAllListeners('end');
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}
