import { answerLanguages } from '../../tasks/prompts/parse-task-line.js';

/** Languages are printed in this many columns, each of this width. */
const LIST_COLUMNS = 3;
const CELL_WIDTH = 24;

/** The page `pali help languages`. */
export function writeLanguagesHelp(): string {
  const cells = answerLanguages.map(({ code, english }) => `${code.padEnd(5)}${english}`);
  const rows = Math.ceil(cells.length / LIST_COLUMNS);
  const lines = cells.slice(0, rows).map((_, row) => {
    const inRow = cells.filter((_cell, i) => i % rows === row);
    return `  ${inRow.map((cell) => cell.padEnd(CELL_WIDTH)).join('')}`.trimEnd();
  });
  return `The languages that answers can be in

PaliGemma was trained on captions in these ${answerLanguages.length}:

${lines.join('\n')}

  pali caption --lang fr photo.jpg
  pali describe --lang ja photo.jpg
  pali answer --lang de "wie viele?" photo.jpg
  pali question --lang it "due" photo.jpg

The default is English. Checkpoints that were fine-tuned on one language answer
in that one. The demo model captions in en, es, fr and de, and does everything
else in English.
`;
}
