import { readFileSync, writeFileSync } from 'node:fs';

/** A tensor as it lies in a safetensors file. */
export interface RawTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Every tensor of a file that is known to be sound. */
export function readSafetensors(path: string): Map<string, RawTensor> {
  const file = readFileSync(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, start)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [begin, end],
          },
        ]) => [name, { dtype, shape, bytes: file.subarray(start + begin, start + end) }],
      ),
  );
}

/** A safetensors file with these tensors, one after another. */
export function writeSafetensors(path: string, tensors: ReadonlyMap<string, RawTensor>): void {
  let end = 0;
  const entries = [...tensors].map(([name, { dtype, shape, bytes }]) => {
    const begin = end;
    end += bytes.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  writeFileSync(
    path,
    Buffer.concat([
      headerBytes(Object.fromEntries(entries)),
      ...[...tensors.values()].map(({ bytes }) => bytes),
    ]),
  );
}

/** The length and the JSON that a safetensors file starts with. */
export function headerBytes(header: unknown): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json]);
}
