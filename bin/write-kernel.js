// npm run kernels: AssemblyScript to the module that the program reads. WebAssembly in a constant, so that nothing but
// tsc is needed to build, and nothing at all to install. With --print it writes to stdout instead, for the test that
// compares.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const source = 'src/image/kernel/resize.ts';
const target = 'src/image/resize/resize-kernel-code.ts';
const root = new URL('../', import.meta.url);

const { error, binary, stderr } = await asc.compileString(readFileSync(new URL(source, root), 'utf8'), {
  optimizeLevel: 3,
  runtime: 'stub',
  importMemory: true,
  noExportMemory: true,
  enable: ['simd'],
});
if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
const lines = Buffer.from(binary)
  .toString('base64')
  .match(/.{1,100}/g);
const text = `// Written by npm run kernels from ${source}.

/** The WebAssembly module, base64. */
export const resizeKernelCode =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(new URL(target, root), text);
