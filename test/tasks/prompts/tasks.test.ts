import { describe, expect, it } from 'vitest';
import { answerTask } from '../../../src/tasks/prompts/answer.js';
import { askTask } from '../../../src/tasks/prompts/ask.js';
import { captionTask } from '../../../src/tasks/prompts/caption.js';
import { describeTask } from '../../../src/tasks/prompts/describe.js';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { ocrTask } from '../../../src/tasks/prompts/ocr.js';
import { questionTask } from '../../../src/tasks/prompts/question.js';
import { segmentTask } from '../../../src/tasks/prompts/segment.js';

describe('tasks', () => {
  it.each([
    [captionTask({}), 'caption en', 128],
    [captionTask({ language: 'zh' }), 'caption zh', 128],
    [captionTask({ isShort: true, language: 'de' }), 'cap de', 128],
    [describeTask('es'), 'describe es', 128],
    [ocrTask(), 'ocr', 128],
    [answerTask('how many?', 'fr'), 'answer fr how many?', 128],
    [questionTask('two'), 'question en two', 128],
    [askTask(' anything ; at all '), ' anything ; at all ', 128],
    [askTask('detect dog'), 'detect dog', 256],
    [askTask('segment dog'), 'segment dog', 512],
  ])('%o', (task, prompt, maxTokens) => {
    expect(task).toMatchObject({ prompt, maxTokens });
    expect(task.constraint).toBeUndefined();
  });

  it('holds detect and segment to their grammar', () => {
    expect(detectTask('cat;red car')).toEqual({
      name: 'detect',
      prompt: 'detect cat ; red car',
      maxTokens: 256,
      constraint: 'detect',
      things: ['cat', 'red car'],
    });
    expect(segmentTask('cat ; dog', true).parts!.map(({ prompt }) => prompt)).toEqual([
      'segment cat',
      'segment dog',
    ]);
    expect(segmentTask('cat')).toMatchObject({
      prompt: 'segment cat',
      maxTokens: 512,
      constraint: 'segment',
    });
  });

  it('places a region, y first, once the size is known', () => {
    const region = { unit: 'percent', x0: 0, y0: 50, x1: 25, y1: 100 } as const;
    const task = captionTask({ region });
    expect(task.promptFor!({ width: 400, height: 200 })).toBe('caption <loc0512><loc0000><loc1023><loc0256>');
    const pixels = captionTask({ region: { unit: 'pixels', x0: 0, y0: 100, x1: 100, y1: 200 } });
    expect(pixels.promptFor!({ width: 400, height: 200 })).toBe(task.promptFor!({ width: 4000, height: 10 }));
  });

  it.each([
    () => captionTask({ language: 'xx' }),
    () => answerTask(' '),
    () => detectTask(' ; '),
    () => segmentTask(''),
  ])('refuses what cannot be asked: %s', (make) =>
    expect(make).toThrow(expect.objectContaining({ exitCode: 2 })),
  );
});
