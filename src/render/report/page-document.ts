import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFile, packageFolder } from '../../base/package-folder.js';
import { stringifyJson } from '../formats/stringify-json.js';

/** A page of ours in two pieces; what it shows is written between them. */
export interface PageDocument {
  readonly head: string;
  readonly tail: string;
  /** What the page may load, for the header of an answer. The head says the same. */
  readonly contentSecurityPolicy: string;
}

/** What a page needs. */
export interface PageParts {
  readonly title: string;
  /** Its folder in page/, which holds NAME.css and NAME-page.ts. */
  readonly name: 'ask' | 'review';
  /** Directives besides those for its script and style. */
  readonly allows: Readonly<Record<string, string>>;
}

/**
 * A page with its script and style inside, and a policy that lets nothing else run: no script but the one with this
 * hash, nothing from other hosts.
 */
export function createPageDocument({ title, name, allows }: PageParts): PageDocument {
  const root = packageFolder();
  const style = ['theme.css', `${name}/${name}.css`]
    .map((file) => readFileSync(join(root, 'page', file), 'utf8'))
    .join('\n');
  const script = readFileSync(builtFile(`pages/${name}.js`), 'utf8');
  // A markup end inside would end the block: then the hashes would be of something else.
  for (const text of [script, style])
    if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error('markup in a block');
  const contentSecurityPolicy = Object.entries({
    'default-src': "'none'",
    'script-src': hashOf(script),
    'style-src': hashOf(style),
    'base-uri': "'none'",
    'form-action': "'none'",
    ...allows,
  })
    .map((directive) => directive.join(' '))
    .join('; ');
  return {
    head: `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title><style>${style}</style></head>
<body><main id="app"><noscript>This page needs JavaScript. It runs from this file alone.</noscript></main>
`,
    tail: `<script type="module">${script}</script></body></html>\n`,
    contentSecurityPolicy,
  };
}

/** A block of data that the page's script reads; nothing in it can end the block. */
export function dataBlock(kind: 'result' | 'note', value: unknown): string {
  const json = stringifyJson(value).replaceAll('<', '\\u003c');
  return `<script type="application/json" class="${kind}">${json}</script>\n`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
