/** A matrix [outputs, inputs] that is read in slices of rows. */
export interface RowSource {
  readonly rows: number;
  readonly columns: number;
  readRows(start: number, count: number): Promise<Float32Array>;
}
