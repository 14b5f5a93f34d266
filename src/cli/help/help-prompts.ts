import { answerTask } from '../../tasks/prompts/answer.js';
import { captionTask } from '../../tasks/prompts/caption.js';
import { describeTask } from '../../tasks/prompts/describe.js';
import { detectTask } from '../../tasks/prompts/detect.js';
import { ocrTask } from '../../tasks/prompts/ocr.js';
import { questionTask } from '../../tasks/prompts/question.js';
import { segmentTask } from '../../tasks/prompts/segment.js';
import type { Task } from '../../tasks/prompts/task.js';
import { formatTerms } from './format-terms.js';

/** Command lines, the tasks that they make, and which checkpoints were trained on such prompts. */
const uses: readonly [commandLine: string, task: Task, checkpoints: string][] = [
  ['pali caption', captionTask({}), 'mix, pt'],
  ['pali caption --lang es', captionTask({ language: 'es' }), 'mix, pt'],
  ['pali caption --short', captionTask({ isShort: true }), 'pt'],
  ['pali describe', describeTask(), 'mix'],
  ['pali ocr', ocrTask(), 'mix, pt'],
  ['pali answer "how many?"', answerTask('how many?'), 'mix, pt'],
  ['pali question "two"', questionTask('two'), 'pt'],
  ['pali detect "cat ; dog"', detectTask('cat ; dog'), 'mix, pt'],
  ['pali segment "cat"', segmentTask('cat'), 'mix, pt'],
];

const heading = ['command', 'prompt', 'trained with it'];
/** Sentences are answered best by PaliGemma 2, or by a model fine-tuned on them. */
const anyPrompt = ['pali ask "PROMPT"', 'PROMPT', 'PaliGemma 2 mix, tuned'];

/** The page `pali help prompts`. */
export function writePromptsHelp(): string {
  const rows = [...uses.map(([line, { prompt }, checkpoints]) => [line, prompt, checkpoints]), anyPrompt];
  return `What the model is asked, and what it answers

PaliGemma was trained on short prompts of a fixed form. The commands write them;
--dry-run prints what a command would send.

${[heading, ...rows].map(([line, prompt, who]) => `  ${line.padEnd(26)}${prompt.padEnd(24)}${who}`).join('\n')}

Checkpoints named mix answer these as they are; those named pt are for
fine-tuning and know only the bare forms; those named ft do their one task.

Writing good prompts:

${formatTerms(
  [
    ['things', 'are separated by semicolons, and named in a word or two: "cat ; red car"'],
    ['--per-class', 'asks for each in a prompt of its own, if some are missed when asked together'],
    ['--tiles 3', 'also looks at overlapping parts, for things that are small in the picture'],
    ['questions', 'are short and in lower case, and so are the answers'],
    ['--region', 'caption: only this part of the picture, x0,y0,x1,y1 in pixels or percent'],
    ['--image', 'ask: several pictures in one prompt, for models that were tuned on that'],
    ['nothing found', 'is an empty answer, not an error'],
  ],
  15,
)}

It answers with a sentence, or for each object with four numbers, for segment
sixteen more that stand for the mask, and its name:

  <loc0342><loc0483><loc0510><loc0745><seg026>...<seg103> cow ; <loc...

The numbers are y0, x0, y1, x1, from 0 to 1023 of the height and width. pali
turns them into pixels; --format raw shows them. For detect and segment the
model can write nothing else unless --no-constrain is given.

Languages: pali help languages
`;
}
