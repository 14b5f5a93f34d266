import { joinHint } from '../../base/errors.js';
import type { TaskResult } from '../../base/task-result.js';
import { printablePath } from '../../render/printable-path.js';
import type { PictureOptions } from '../options/picture-options.js';
import { formatOf } from '../../render/formats/result-formats.js';

/**
 * What stderr says about one result: its error (on stdout the JSON formats contain it themselves), an answer cut off at
 * the limit, records that could not be read, and with --verbose the timings.
 */
export function describeProblems(
  result: TaskResult,
  options: Pick<PictureOptions, 'format' | 'isQuiet' | 'isVerbose'> & Partial<Pick<PictureOptions, 'output'>>,
): string[] {
  const lines: string[] = [];
  const name = printablePath(result.input);
  const add = (text: string): void => {
    const line = printablePath(text);
    // Most errors already name the input.
    lines.push(isAbout(line, name) ? line : `${name}: ${line}`);
  };
  // On stdout the JSON formats tell it themselves; in a file nobody sees it.
  if (result.error !== undefined && (!formatOf(options.format).holdsErrors || options.output !== undefined)) {
    add(joinHint(result.error));
  }
  if (options.isQuiet) return lines;
  if (result.truncated) add('the answer was cut at the token limit; allow more with --max-tokens.');
  const rejected = result.rejected ?? [];
  if (rejected.length > 0) {
    const reasons = [...new Set(rejected.map(({ reason }) => reason))].join(', ');
    add(`${rejected.length} of the answer's records could not be read: ${reasons}.`);
  }
  if (options.isVerbose && result.timings !== undefined) {
    const { decodeMs, visionMs, prefillMs, generateMs, tokensPerSecond } = result.timings;
    const times = Object.entries({
      decode: decodeMs,
      vision: visionMs,
      prefill: prefillMs,
      answer: generateMs,
    });
    const words = times.map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
    add([...words, `${tokensPerSecond.toFixed(1)} tokens/s`].join(', '));
  }
  return lines;
}

/** Whether a sentence contains the name as a separate word. */
function isAbout(sentence: string, name: string): boolean {
  if (name === '-') return /\bstandard input\b/i.test(sentence);
  const at = sentence.indexOf(name);
  const around = [sentence[at - 1] ?? ' ', sentence[at + name.length] ?? ' '];
  return at >= 0 && around.every((char) => /[\s.,:;'()]/.test(char));
}
