/** A field of a protobuf message as it lies on the wire: a varint, 4 bytes, or a piece of bytes. */
export interface ProtoField {
  readonly field: number;
  readonly value: bigint | Uint8Array;
}

/** The fields of a message, in order; a message inside is bytes to be read again. */
export function readProto(bytes: Uint8Array): ProtoField[] {
  const fields: ProtoField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const piece = (size: number): Uint8Array => {
    if (at + size > bytes.length) throw new Error(`a field of ${size} bytes at ${at} of ${bytes.length}`);
    at += size;
    return bytes.subarray(at - size, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const type = tag & 7;
    if (type !== 0 && type !== 2 && type !== 5) throw new Error(`wire type ${type} at ${at}`);
    fields.push({
      field: tag >> 3,
      value: type === 0 ? varint() : piece(type === 5 ? 4 : Number(varint())),
    });
  }
  return fields;
}

/** The values of a repeated field that holds bytes. */
export function piecesOf(fields: readonly ProtoField[], field: number): Uint8Array[] {
  return fields.filter((one) => one.field === field).map(({ value }) => value as Uint8Array);
}

/** The values of a repeated field that holds text. */
export function textsOf(fields: readonly ProtoField[], field: number): string[] {
  return piecesOf(fields, field).map((bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

/** The values of a repeated field that holds integers. */
export function integersOf(fields: readonly ProtoField[], field: number): bigint[] {
  return fields.filter((one) => one.field === field).map(({ value }) => value as bigint);
}
