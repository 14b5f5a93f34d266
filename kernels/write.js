// npm run kernels
import { writeFileSync } from 'node:fs';
import { compileResizeKernel } from './compile.js';

writeFileSync(new URL('../src/image/resize-kernel-code.ts', import.meta.url), await compileResizeKernel());
