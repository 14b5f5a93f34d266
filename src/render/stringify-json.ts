/**
 * One line of JSON without any control character: JSON.stringify leaves DEL, C1 controls and the line separators
 * as they are, and terminals and readers act on them.
 */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
