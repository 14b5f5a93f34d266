/** The text of src/image/resize-kernel-code.ts. */
export function compileResizeKernel(): Promise<string>;
