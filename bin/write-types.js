// Writes dist/types/: the declarations of what `import ... from 'pali'` gives and of the files that those name, and
// no others. Each file by itself, as its exports say their types: no second compilation.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const compilerOptions = { target: ts.ScriptTarget.ES2023, strict: true, exactOptionalPropertyTypes: true };

/** Write a file's declarations. Returns the sources that they import. */
function writeDeclarations(source) {
  const text = readFileSync(join(root, source), 'utf8');
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    fileName: join(root, source),
    reportDiagnostics: true,
    compilerOptions,
  });
  if (diagnostics.length > 0) {
    const host = { getNewLine: () => '\n', getCurrentDirectory: () => root, getCanonicalFileName: String };
    throw new Error(ts.formatDiagnostics(diagnostics, host));
  }
  const path = join(root, 'dist/types', relative('src', source).replace(/\.ts$/, '.d.ts'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, outputText);
  const targets = outputText.matchAll(/\bfrom '(\.[^']+)\.js'/g);
  return [...targets].map(([, target]) => `${join(dirname(source), target)}.ts`);
}

rmSync(join(root, 'dist/types'), { recursive: true, force: true });
const sources = ['src/library/pali.ts'];
for (const source of sources) {
  for (const other of writeDeclarations(source)) if (!sources.includes(other)) sources.push(other);
}
