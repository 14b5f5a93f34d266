import { describe, expect, it } from 'vitest';
import { createRawRenderer } from '../../../src/render/formats/raw.js';
import { detectResult, errorResult } from '../../support/results.js';

describe('raw format', () => {
  it('gives the answer with its special tokens', () => {
    expect(createRawRenderer({ withInputName: false }).renderResult(detectResult)).toBe(
      '<loc0100><loc0200><loc0300><loc0400> car\n',
    );
  });

  it('begins with the name when there are several inputs, and leaves errors to stderr', () => {
    const renderer = createRawRenderer({ withInputName: true });
    expect(renderer.renderResult({ ...detectResult, raw: '' })).toBe('street.jpg\t\n');
    expect(renderer.renderResult(errorResult)).toBe('');
  });
});
