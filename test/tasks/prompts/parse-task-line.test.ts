import { describe, expect, it } from 'vitest';
import { parseTaskLine } from '../../../src/tasks/prompts/parse-task-line.js';

describe('parseTaskLine', () => {
  it.each([
    ['detect cat;dog', 'detect', 'detect cat ; dog'],
    ['segment cat', 'segment', 'segment cat'],
    ['caption', 'caption', 'caption de'],
    ['caption es', 'caption', 'caption es'],
    ['cap en', 'caption', 'cap en'],
    ['describe', 'describe', 'describe de'],
    ['caption <loc0000><loc0000><loc0100><loc0100>', 'ask', 'caption <loc0000><loc0000><loc0100><loc0100>'],
    ['caption this for me', 'answer', 'answer de caption this for me'],
    ['ocr', 'ocr', 'ocr'],
    ['ocr it, please', 'answer', 'answer de ocr it, please'],
    ['answer en how many?', 'answer', 'answer en how many?'],
    ['answer how many?', 'answer', 'answer de how many?'],
    ['question en two', 'question', 'question en two'],
    ['ask anything  at all', 'ask', 'anything  at all'],
    ['how many cats?', 'answer', 'answer de how many cats?'],
    ['detective at work?', 'answer', 'answer de detective at work?'],
    ['captions on the wall?', 'answer', 'answer de captions on the wall?'],
    ['DETECT cat', 'detect', 'detect cat'],
    ['Caption es', 'caption', 'caption es'],
    ['capital of France?', 'answer', 'answer de capital of France?'],
  ])('%s', (line, name, prompt) => {
    expect(parseTaskLine(line, 'de')).toMatchObject({ name, prompt });
  });

  it.each([
    ['detect', 'There is nothing to look for.'],
    ['caption klingon', 'PaliGemma knows no language "klingon".'],
    ['answer en', 'The question is empty.'],
    ['detct cow', "There is no task 'detct'."],
    ['Detcet cow', "There is no task 'detcet'."],
    ['segement cow ; dog', "There is no task 'segement'."],
  ])('%s is refused', (line, message) => {
    expect(() => parseTaskLine(line, 'en')).toThrow(message);
  });
});
