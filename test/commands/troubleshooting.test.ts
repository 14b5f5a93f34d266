import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as errors from '../../src/base/errors.js';

const page = readFileSync('docs/troubleshooting.md', 'utf8');

/** The exit code of a class of errors. */
function exitCodeOf(className: string): number {
  const ErrorClass = errors[className as 'UsageError'];
  return new ErrorClass('CODE', 'A sentence.').exitCode;
}

/** Every code that a source throws, with the exit codes it has. */
function findErrorCodes(): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.tsx?$/.test(path),
  )) {
    const source = readFileSync(`src/${file}`, 'utf8');
    for (const [, name, code] of source.matchAll(/\bnew (\w+Error)\(\s*'([A-Z_]+)'/g)) {
      const exits = found.get(code) ?? new Set();
      found.set(code, exits.add(exitCodeOf(name)));
    }
  }
  return found;
}

describe('docs/troubleshooting.md', () => {
  it('has every exit code and no other', () => {
    const codes = [...page.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(errors.exitCodes));
  });

  it('explains codes that there are, each under its exit code', () => {
    const known = findErrorCodes();
    const sections = [...page.matchAll(/^## .*\((\d+)\)\n([^]*?)(?=^## |$(?![^]))/gm)];
    // Of 0, 1 and 130 there is no more to say than the table does.
    expect(sections.map(([, exit]) => Number(exit))).toEqual([2, 3, 4, 5, 6, 7, 8]);
    for (const [, exit, text] of sections) {
      const rows = text.match(/^(\| )?`[A-Z_`, ]+[:|]|(?<=\. )`[A-Z_]+`:/gm) ?? [];
      const codes = rows.flatMap((row) => row.match(/[A-Z][A-Z_]+/g) ?? []);
      expect(codes.length, `exit code ${exit}`).toBeGreaterThan(1);
      for (const code of codes) expect([...(known.get(code) ?? [])], code).toContain(Number(exit));
    }
  });
});
