/**
 * What a user may ask a conversion for. `int8` and `int8-int4` run on the CPU only; the others run everywhere, `fp16`
 * being meant for GPUs. `int8-int4` holds the decoder twice: int8 reads prompts fastest, int4 writes answers fastest.
 */
export const dtypes = ['fp32', 'fp16', 'int8', 'int4', 'int8-int4'] as const;
export type Dtype = (typeof dtypes)[number];

/** What a user may ask the engine for. */
export const deviceNames = ['auto', 'cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const;
export type DeviceName = (typeof deviceNames)[number];

/** A device that the model really runs on. */
export type Device = Exclude<DeviceName, 'auto'>;
