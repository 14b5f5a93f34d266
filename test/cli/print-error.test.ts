import { describe, expect, it } from 'vitest';
import { DamagedFileError } from '../../src/base/errors.js';
import { printError } from '../../src/cli/print-error.js';

function print(error: unknown, isDebug = false, isColored = false): { text: string; exitCode: number } {
  let text = '';
  const exitCode = printError(error, { write: (piece) => (text += piece), isColored, isDebug });
  return { text, exitCode };
}

describe('printError', () => {
  it('says what failed, then what to do next', () => {
    const error = new DamagedFileError('X', 'The file is damaged.', { hint: 'Import it again.' });
    expect(print(error)).toEqual({
      text: 'error: The file is damaged.\n       Import it again.\n',
      exitCode: 6,
    });
  });

  it('calls anything else a bug of ours', () => {
    const { text, exitCode } = print(new TypeError('x is not a function'));
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^bug: x is not a function\n.*--debug/);
    expect(print('thrown text').text).toMatch(/^bug: thrown text/);
  });

  it('shows stacks and causes for --debug only', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    expect(print(error).text).not.toContain('inner');
    expect(print(error, true).text).toMatch(/at .*[^]*caused by: .*inner/);
  });

  it('lets no control character of a quoted name act', () => {
    const { text } = print(new DamagedFileError('X', 'Cannot read \u001b[2J\u009b.png.'));
    expect(text).toContain('\\u001b[2J\\u009b.png');
  });

  it('colours when it may', () => expect(print(new Error('x'), false, true).text).toContain('\u001b[31m'));
});
