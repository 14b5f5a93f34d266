import { describe, expect, it } from 'vitest';
import { formatTerms } from '../../../src/cli/help/format-terms.js';

describe('terms and their meanings', () => {
  it('stand in two columns, wrapped at 80', () => {
    const lines = formatTerms([['one', 'word '.repeat(30).trim()]], 8).split('\n');
    expect(lines[0]).toMatch(/^ {2}one {5}word/);
    expect(lines.slice(1).every((line) => /^ {10}word/.test(line))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(75);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join(' ').match(/word/g)).toHaveLength(30);
  });

  it('give a term that is too long a line of its own, and never cut a word', () => {
    const word = 'x'.repeat(90);
    expect(formatTerms([['a-long-term', word]], 8)).toBe(`  a-long-term\n${' '.repeat(10)}${word}`);
  });
});
