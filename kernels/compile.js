// AssemblyScript to the module that the program reads: WebAssembly in a constant, so that nothing but tsc is needed
// to build, and nothing at all to install.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

/** The text of src/image/resize-kernel-code.ts. */
export async function compileResizeKernel() {
  const source = readFileSync(new URL('resize.ts', import.meta.url), 'utf8');
  const { error, binary, stderr } = await asc.compileString(source, {
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
  return `// Written by npm run kernels from kernels/resize.ts.

/** The WebAssembly module, base64. */
export const resizeKernelCode =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
}
