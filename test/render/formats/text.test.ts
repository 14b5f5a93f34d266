import { describe, expect, it } from 'vitest';
import { createTextRenderer } from '../../../src/render/formats/text.js';
import { captionResult, detectResult, errorResult } from '../../support/results.js';

const pipe = { withInputName: false, isTerminal: false, isColored: false };
const terminal = { withInputName: false, isTerminal: true, isColored: false };

describe('text format', () => {
  it('separates fields by one tab in a pipe', () => {
    expect(createTextRenderer(pipe).renderResult(detectResult)).toBe(
      'car\t0.97\t102,310\t388,480\ntraffic light\t0.50\t1,2\t3,4\n',
    );
  });

  it('aligns columns on a terminal', () => {
    expect(createTextRenderer(terminal).renderResult(detectResult)).toBe(
      'car            0.97  102,310  388,480\ntraffic light  0.50  1,2      3,4\n',
    );
  });

  it('shows which object is which with --track', () => {
    const result = {
      ...detectResult,
      frame: { index: 4, timeSeconds: 2, endSeconds: 3, trackIds: [3, 12] },
    };
    expect(createTextRenderer(pipe).renderResult(result)).toBe(
      '00:00:02.000\tcar\t0.97\t102,310\t388,480\t#3\n00:00:02.000\ttraffic light\t0.50\t1,2\t3,4\t#12\n',
    );
    expect(createTextRenderer(terminal).renderResult(result)).toBe(
      '00:00:02.000  car            0.97  102,310  388,480  #3\n' +
        '00:00:02.000  traffic light  0.50  1,2      3,4      #12\n',
    );
  });

  it('aligns by columns, not characters', () => {
    const [car, light] = detectResult.detections!;
    const result = {
      ...detectResult,
      detections: [
        { ...car, label: '猫' },
        { ...light, label: 'cat' },
      ],
    };
    expect(createTextRenderer(terminal).renderResult(result)).toBe(
      '猫   0.97  102,310  388,480\ncat  0.50  1,2      3,4\n',
    );
  });

  it('begins each line with the name of the picture when there are several', () => {
    const renderer = createTextRenderer({ ...pipe, withInputName: true });
    expect(renderer.renderResult({ ...captionResult, text: 'STOP\nhere' })).toBe(
      'a.jpg\tSTOP\na.jpg\there\n',
    );
  });

  it('keeps one line a row whatever the file is called', () => {
    const renderer = createTextRenderer({ ...pipe, withInputName: true });
    const shown = renderer.renderResult({ ...captionResult, input: 'a\nb\tc\u001b[2J.jpg' });
    expect(shown).toBe('a\\nb\\tc\\u001b[2J.jpg\ttwo cups\n');
  });

  it('says that nothing was found to people only', () => {
    const nothing = { ...detectResult, detections: [] };
    expect(createTextRenderer(terminal).renderResult(nothing)).toBe('none found\n');
    expect(createTextRenderer(pipe).renderResult(nothing)).toBe('');
  });

  it('colours only when it may', () => {
    expect(createTextRenderer({ ...terminal, isColored: true }).renderResult(detectResult)).toContain(
      '\u001b[36mcar',
    );
    expect(createTextRenderer(terminal).renderResult(detectResult)).not.toContain('\u001b');
  });

  it('leaves errors to stderr', () => {
    expect(createTextRenderer(pipe).renderResult(errorResult)).toBe('');
  });
});
