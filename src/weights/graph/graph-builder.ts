import { onnxTypes, type OnnxType } from './onnx-types.js';
import { ProtoWriter } from './proto-writer.js';
import type { StoredWeight } from './weight-file.js';

/** A size, or the name of one that is known only at run time. */
export type Dimension = number | string;

/** A node's attribute: an integer, a real number, a string, integers, or a subgraph. */
export type Attribute = number | { readonly float: number } | string | readonly number[] | GraphBuilder;

/** onnxruntime's own operators, beside the standard ones. */
export const MICROSOFT = 'com.microsoft';

/** Newest opset that every operator used here has kernels for in onnxruntime 1.30. */
const OPSET = 21;
const IR_VERSION = 10;

/**
 * Builds one ONNX graph. Values are named by the builder; a method that adds a node returns the name of its
 * first output. Weights stay in their own file (external data), so a model file takes some ten kilobytes.
 * Node and initializer names share one namespace, also with subgraphs: one counter serves all.
 */
export class GraphBuilder {
  readonly #nodes: ProtoWriter[] = [];
  readonly #initializers: ProtoWriter[] = [];
  readonly #inputs: ProtoWriter[] = [];
  readonly #outputs: ProtoWriter[] = [];
  readonly #known = new Set<string>();
  /** The outermost graph: it holds the constants and weights of its branches too. */
  readonly #root: GraphBuilder;
  #count = 0;

  constructor(parent?: GraphBuilder) {
    this.#root = parent ? parent.#root : this;
  }

  /** A graph for a branch of an If node; it sees the values of this one. */
  branch(): GraphBuilder {
    return new GraphBuilder(this);
  }

  input(name: string, type: OnnxType, dims: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  /** Declare the value `from` as the graph's output `name`. */
  output(name: string, type: OnnxType, dims: readonly Dimension[], from: string): void {
    if (from !== name) this.node('Identity', [from], {}, { outputs: [name] });
    this.#outputs.push(valueInfo(name, type, dims));
  }

  /**
   * Add a node. An empty string among the inputs leaves an optional one out.
   * @returns its outputs' names, as many as `outputs` gives or says (1).
   */
  nodes(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    options: { readonly domain?: string; readonly outputs: number | readonly string[] },
  ): string[] {
    const base = `${type}_${this.#root.#count++}`;
    const names =
      typeof options.outputs === 'number'
        ? Array.from({ length: options.outputs }, (_, i) => (i === 0 ? base : `${base}.${i}`))
        : [...options.outputs];
    const writer = new ProtoWriter();
    for (const input of inputs) writer.string(1, input);
    for (const name of names) writer.string(2, name);
    writer.string(3, base).string(4, type);
    for (const [key, value] of Object.entries(attributes)) writer.message(5, writeAttribute(key, value));
    if (options.domain) writer.string(7, options.domain);
    this.#nodes.push(writer);
    return names;
  }

  /** Add a node with one output. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: { readonly domain?: string; readonly outputs?: readonly string[] } = {},
  ): string {
    return this.nodes(type, inputs, attributes, { outputs: 1, ...options })[0];
  }

  /** A small float32 constant, kept in the model file. */
  floats(values: readonly number[], dims: readonly number[] = []): string {
    const name = `f${dims.join('x')}:${values.join(',')}`;
    return this.#constant(name, 'float32', dims, Float32Array.from(values));
  }

  /** A float32 matrix that several nodes use, kept in the model file. */
  matrix(name: string, values: Float32Array, dims: readonly number[]): string {
    return this.#constant(name, 'float32', dims, values);
  }

  /** A small int64 vector (or scalar, with dims []), kept in the model file. */
  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const name = `i${dims.join('x')}:${values.join(',')}`;
    return this.#constant(name, 'int64', dims, BigInt64Array.from(values.map(BigInt)));
  }

  /** A uint8 scalar, kept in the model file. */
  byte(value: number): string {
    return this.#constant(`u:${value}`, 'uint8', [], Uint8Array.of(value));
  }

  /** A weight in an external file. Using it again gives the same initializer. */
  weight(stored: StoredWeight): string {
    if (this.#root.#known.has(stored.name)) return stored.name;
    this.#root.#known.add(stored.name);
    const writer = tensorHeader(stored.name, stored.type, stored.dims);
    const place = {
      location: stored.file,
      offset: String(stored.offsetBytes),
      length: String(stored.sizeBytes),
    };
    for (const [key, value] of Object.entries(place)) {
      writer.message(13, new ProtoWriter().string(1, key).string(2, value));
    }
    this.#root.#initializers.push(writer.int(14, 1));
    return stored.name;
  }

  /** The ONNX model file. */
  toModel(): Uint8Array {
    const opset = (domain: string, version: number): ProtoWriter =>
      new ProtoWriter().string(1, domain).int(2, version);
    return new ProtoWriter()
      .int(1, IR_VERSION)
      .string(2, 'pali')
      .message(7, this.toGraph())
      .message(8, opset('', OPSET))
      .message(8, opset(MICROSOFT, 1))
      .finish();
  }

  /** The GraphProto message. */
  toGraph(): ProtoWriter {
    const graph = new ProtoWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.string(2, 'graph');
    for (const initializer of this.#initializers) graph.message(5, initializer);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return graph;
  }

  #constant(name: string, type: OnnxType, dims: readonly number[], values: ArrayBufferView): string {
    if (!this.#root.#known.has(name)) {
      this.#root.#known.add(name);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      this.#root.#initializers.push(tensorHeader(name, type, dims).bytes(9, bytes));
    }
    return name;
  }
}

function tensorHeader(name: string, type: OnnxType, dims: readonly number[]): ProtoWriter {
  const writer = new ProtoWriter();
  for (const dim of dims) writer.int(1, dim);
  return writer.int(2, onnxTypes[type]).string(8, name);
}

function valueInfo(name: string, type: OnnxType, dims: readonly Dimension[]): ProtoWriter {
  const shape = new ProtoWriter();
  for (const dim of dims) {
    shape.message(
      1,
      typeof dim === 'string' ? new ProtoWriter().string(2, dim) : new ProtoWriter().int(1, dim),
    );
  }
  const tensorType = new ProtoWriter().int(1, onnxTypes[type]).message(2, shape);
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensorType));
}

function writeAttribute(name: string, value: Attribute): ProtoWriter {
  const writer = new ProtoWriter().string(1, name);
  if (typeof value === 'number') return writer.int(3, value).int(20, 2);
  if (typeof value === 'string') return writer.string(4, value).int(20, 3);
  if (value instanceof GraphBuilder) return writer.message(6, value.toGraph()).int(20, 5);
  if ('float' in value) return writer.float(2, value.float).int(20, 1);
  for (const item of value) writer.int(8, item);
  return writer.int(20, 7);
}
