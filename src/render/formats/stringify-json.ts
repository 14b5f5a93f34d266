/**
 * One line of JSON without any character that a terminal or a reader acts on: JSON.stringify leaves DEL, C1
 * controls, line separators and marks that turn the direction of text around as they are. Reading gives the same
 * value.
 */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
