/**
 * One line of JSON without any characters that a terminal or reader would act on. JSON.stringify does not escape DEL,
 * C1 controls, line separators or marks that change text direction. Parsing gives the same value.
 */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
