/** A string, or one of the three numbers that Python writes and JSON does not know. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
/** Stands for NaN in valid JSON; no file holds it, for it is made anew each time. */
const MARK = '\u0000NaN';

/**
 * Parse JSON as Python's json module does: `NaN`, `Infinity` and `-Infinity` are numbers.
 * @throws {SyntaxError} it is not JSON for Python either.
 */
export function parseJsonAsPython(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
  }
  const plain = text.replace(STRING_OR_NUMBER, (found) => {
    if (found.startsWith('"')) return found;
    if (found === 'NaN') return JSON.stringify(MARK);
    return found.startsWith('-') ? '-1e999' : '1e999';
  });
  return JSON.parse(plain, (_, value: unknown) => (value === MARK ? NaN : value)) as unknown;
}
