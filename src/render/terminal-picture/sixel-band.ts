const ROWS = 6;
/** The character of no pixels; the one for some is as much higher as their bits say. */
const BLANK = '?'.charCodeAt(0);
const [COLOR, REPEAT, RETURN, ZERO] = ['#', '!', '$', '0'].map((character) => character.charCodeAt(0));
/** More equal characters than this are shorter as a count. */
const MAX_REPEATED = 3;
/** Bytes at most for a column of a colour: the blank columns before it as a count, and its character. */
const COLUMN_BYTES = '!9999999999??'.length;
/** Bytes at most that choose a colour and go back to the left edge. */
const COLOR_BYTES = '#255$'.length;
const NONE = -1;

/**
 * Writes bands of a sixel picture: six rows of pixels, colour by colour. It notes for each colour the columns that have
 * some of it, so that the time grows with the pixels, whatever the number of colours. Its memory serves every band.
 */
export class SixelBand {
  static readonly rows = ROWS;

  readonly #width: number;
  /** The first and the last column noted for each colour, as a place in the next three; NONE where there is none. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** Columns of colours, in the order in which they were met: x, the bits of the rows, the colour's next column. */
  readonly #x: Int32Array;
  readonly #bits: Uint8Array;
  readonly #next: Int32Array;
  readonly #bytes: Buffer;
  #end = 0;

  /**
   * @param width of the picture, pixels.
   * @param colors of its palette, 1..256.
   */
  constructor(width: number, colors: number) {
    const columns = ROWS * width;
    this.#width = width;
    [this.#first, this.#last] = [new Int32Array(colors), new Int32Array(colors)];
    [this.#x, this.#bits, this.#next] = [
      new Int32Array(columns),
      new Uint8Array(columns),
      new Int32Array(columns),
    ];
    this.#bytes = Buffer.allocUnsafe(columns * COLUMN_BYTES + colors * COLOR_BYTES);
  }

  /**
   * @param indexes places in the palette of the band's pixels, row-major; up to six rows.
   * @returns the band without what leads to the next one.
   */
  encode(indexes: Uint8Array): string {
    this.#collect(indexes);
    this.#end = 0;
    for (let color = 0; color < this.#first.length; color++) {
      if (this.#first[color] === NONE) continue;
      if (this.#end > 0) this.#bytes[this.#end++] = RETURN;
      this.#bytes[this.#end++] = COLOR;
      this.#writeNumber(color);
      this.#writeColumns(this.#first[color]);
    }
    return this.#bytes.toString('latin1', 0, this.#end);
  }

  #collect(indexes: Uint8Array): void {
    const [first, last, xs, bits, next] = [this.#first, this.#last, this.#x, this.#bits, this.#next];
    first.fill(NONE);
    last.fill(NONE);
    const width = this.#width;
    let free = 0;
    for (let x = 0; x < width; x++) {
      // Pixels under one another often have the same colour.
      let [column, color] = [NONE, NONE];
      for (let at = x, bit = 1; at < indexes.length; at += width, bit <<= 1) {
        if (indexes[at] !== color) {
          color = indexes[at];
          column = last[color];
          if (column === NONE || xs[column] !== x) {
            if (column === NONE) first[color] = free;
            else next[column] = free;
            column = free++;
            last[color] = column;
            xs[column] = x;
            bits[column] = 0;
            next[column] = NONE;
          }
        }
        bits[column] |= bit;
      }
    }
  }

  /** Blank columns at the end are left out. */
  #writeColumns(first: number): void {
    let [start, end, bits] = [0, 0, 0];
    for (let at = first; at !== NONE; at = this.#next[at]) {
      const x = this.#x[at];
      if (x !== end || this.#bits[at] !== bits) {
        this.#writeRun(bits, end - start);
        this.#writeRun(0, x - end);
        [start, bits] = [x, this.#bits[at]];
      }
      end = x + 1;
    }
    this.#writeRun(bits, end - start);
  }

  /** @param bits the pixels of each column, the uppermost as 1. */
  #writeRun(bits: number, count: number): void {
    if (count > MAX_REPEATED) {
      this.#bytes[this.#end++] = REPEAT;
      this.#writeNumber(count);
      this.#bytes[this.#end++] = BLANK + bits;
      return;
    }
    for (let left = count; left > 0; left--) this.#bytes[this.#end++] = BLANK + bits;
  }

  #writeNumber(value: number): void {
    if (value >= 10) this.#writeNumber(Math.floor(value / 10));
    this.#bytes[this.#end++] = ZERO + (value % 10);
  }
}
