/** East Asian wide and full-width characters, and emoji drawn as pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
/** Characters that are drawn over the one before. */
const ZERO_WIDTH = /\p{Mark}|[\u200b-\u200d]/u;

/** Columns that a text without control characters takes in a terminal. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const char of text) columns += ZERO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return columns;
}
