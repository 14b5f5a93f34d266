/** Controls, line and paragraph separators, and the marks that turn the direction of text around. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const SHORT_ESCAPES = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * An untrusted name, such as a path, for one line of text: control characters become visible escapes
 * (`\n`, `\t`, `\u001b`), so that no file name can break a row or steer the terminal.
 */
export function printablePath(path: string): string {
  return path.replace(
    UNPRINTABLE,
    (char) => SHORT_ESCAPES.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
