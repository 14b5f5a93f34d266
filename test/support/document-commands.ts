import { readFileSync } from 'node:fs';

/** A command line in a block of a page. */
export interface DocumentedCommand {
  readonly line: string;
  /** What the page says that it prints; undefined when it says nothing. */
  readonly output: string | undefined;
}

/** Block by block: the lines of a page's `sh` blocks, and the `$` lines of `console` blocks with what they print. */
export function readCommandBlocks(page: string): DocumentedCommand[][] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^ *```(sh|bash|console)\n([^]*?)\n *```/gm);
  return Array.from(blocks, ([, language, body]) =>
    language === 'console' ? readConsole(body) : readScript(body),
  );
}

function readConsole(body: string): DocumentedCommand[] {
  const [, ...runs] = `\n${body}`.split(/\n\$ /);
  return runs.map((run) => {
    const [line, ...output] = run.split('\n');
    return { line, output: output.join('\n') };
  });
}

function readScript(body: string): DocumentedCommand[] {
  // A line that ends in a backslash goes on in the next.
  const lines = body.replaceAll('\\\n', ' ').split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ line, output: undefined }));
}

/** What a page says of programs inside sentences and tables, such as `pali detect --overlay FILE`. */
export function readMentions(page: string): string[] {
  const prose = readFileSync(page, 'utf8').replace(/^ *```[^]*?\n *```/gm, '');
  return [...prose.matchAll(/`((?:pali|npm run|npx vitest run|node)\b[^`]*)`/g)].map(([, text]) => text);
}
