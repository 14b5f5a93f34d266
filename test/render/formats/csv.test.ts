import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../src/base/task-result.js';
import { createCsvRenderer } from '../../../src/render/formats/csv.js';
import { detectionOf } from '../../support/masks.js';
import { readCsv } from '../../support/read-csv.js';
import { captionResult, detectResult, errorResult } from '../../support/results.js';

function renderAll(results: readonly TaskResult[]): string {
  const renderer = createCsvRenderer();
  return renderer.start() + results.map((result) => renderer.renderResult(result)).join('') + renderer.end();
}

/** The text column of a caption. */
function readText(text: string): string {
  return readCsv(renderAll([{ ...captionResult, text }]))[1][9];
}

const HEADER = 'input,task,label,score,box_score,x0,y0,x1,y1,text,truncated,error';

describe('csv format', () => {
  it('has a header and a row for each detection, answer or error', () => {
    expect(renderAll([detectResult, captionResult, errorResult]).split('\r\n')).toEqual([
      HEADER,
      'street.jpg,detect,car,0.9712,0.81,102.4,310,388,479.6,,false,',
      'street.jpg,detect,traffic light,0.5,0.4,1,2,3,4,,false,',
      'a.jpg,caption,,,,,,,,two cups,false,',
      'gone.jpg,caption,,,,,,,,,,IMAGE_MISSING: There is no gone.jpg.',
      '',
    ]);
  });

  it('has no row when nothing was found', () => {
    expect(renderAll([{ ...detectResult, detections: [] }])).toBe(`${HEADER}\r\n`);
  });

  it('quotes commas, quotes, line breaks and outer blanks', () => {
    const texts = ['a, b', 'say "hi"', 'EXIT\nLEVEL 2', ' a ', '""', ''];
    expect(texts.map(readText)).toEqual(texts);
    expect(renderAll([{ ...captionResult, text: 'a "b"' }])).toContain(',"a ""b""",');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\u001b[1m=1', '\uff1d1'])(
    'keeps %j from being a formula',
    (text) => {
      expect(readText(text)).toMatch(/^'\s*[=+\-@\uff1d]/);
      const [, row] = readCsv(
        renderAll([
          { ...detectResult, input: text, detections: [detectionOf(text, { x0: -1, y0: 0, x1: 1, y1: 1 })] },
        ]),
      );
      expect(row[0]).toMatch(/^'/);
      expect(row[2]).toMatch(/^'/);
      // A number is a number.
      expect(row[5]).toBe('-1');
    },
  );

  it('leaves other text as it is', () => {
    const texts = ["it's 3 - 2 = 1", '犬', '1', "'quoted'"];
    expect(texts.map(readText)).toEqual(texts);
  });

  it('removes control characters', () => {
    expect(readText('a\u0000\u001b[31mb\u0085\tc\r\n')).toBe('ab c\n');
  });
});
