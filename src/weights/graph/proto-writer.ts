/**
 * Writes protobuf's wire format, as much of it as an ONNX model needs. Wire types: 0 varint, 2 length-delimited,
 * 5 32-bit. https://protobuf.dev/programming-guides/encoding/
 */
export class ProtoWriter {
  readonly #chunks: Uint8Array[] = [];
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** An integer field; negative numbers are written as 64-bit two's complement. */
  int(field: number, value: number | bigint): this {
    return this.#varint(field << 3).#varint(value);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#varint((field << 3) | 5).#push(bytes);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#varint((field << 3) | 2)
      .#varint(value.length)
      .#push(value);
  }

  message(field: number, value: ProtoWriter): this {
    this.#varint((field << 3) | 2).#varint(value.#sizeBytes);
    for (const chunk of value.#chunks) this.#push(chunk);
    return this;
  }

  /** Everything written so far, in one piece. */
  finish(): Uint8Array {
    return Buffer.concat(this.#chunks, this.#sizeBytes);
  }

  #push(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    this.#sizeBytes += bytes.length;
    return this;
  }

  #varint(value: number | bigint): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#push(Uint8Array.from(bytes));
  }
}
