import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boolTensor, createSession, floatTensor, intTensor } from '../../../src/engine/model/onnx-session.js';
import { GraphBuilder } from '../../../src/weights/graph/graph-builder.js';
import { WeightFile } from '../../../src/weights/graph/weight-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { integersOf, piecesOf, readProto, textsOf } from '../../support/reference/read-proto.js';

const folder = temporaryFolder();

/** y = x * w + 1 with the matrix w [2, 3] in a file of its own; z = y, or -y when `flag` is false. */
async function buildModel(name: string): Promise<string> {
  const file = await WeightFile.create(join(folder, `${name}.data`));
  await file.add('before', 'uint8', [3], Uint8Array.of(1, 2, 3));
  const stored = await file.add('w', 'float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
  await file.close();

  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['n', 2]);
  const flag = graph.input('flag', 'bool', [1]);
  const product = graph.node('MatMul', [x, graph.weight(stored)]);
  const y = graph.node('Add', [product, graph.floats([1])]);
  const same = graph.branch();
  same.output('same', 'float32', ['n', 3], y);
  const negated = graph.branch();
  negated.output('negated', 'float32', ['n', 3], negated.node('Mul', [y, negated.floats([-1])]));
  const [z] = graph.nodes('If', [flag], { then_branch: same, else_branch: negated }, { outputs: 1 });
  graph.output('z', 'float32', ['n', 3], z);
  const sizes = graph.ints([1, 2]);
  const [first, rest] = graph.nodes('Split', [z, sizes], { axis: -1 }, { outputs: 2 });
  graph.output('first', 'float32', ['n', 1], first);
  graph.output('rest', 'float32', ['n', 2], rest);
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, graph.toModel());
  return path;
}

describe('GraphBuilder', () => {
  it('builds what onnxruntime runs: weights in a file, branches, several outputs', async () => {
    const session = await createSession(await buildModel('model'), { device: 'cpu' });
    const x = floatTensor(Float32Array.of(1, 0, 0, 1), [2, 2]);
    const yes = await session.run({ x, flag: boolTensor(true) });
    expect([...(yes.z.data as Float32Array)]).toEqual([2, 3, 4, 5, 6, 7]);
    const no = await session.run({ x, flag: boolTensor(false) });
    expect([...(no.z.data as Float32Array)]).toEqual([-2, -3, -4, -5, -6, -7]);
    expect([...(no.first.data as Float32Array)]).toEqual([-2, -5]);
    expect([...(no.rest.data as Float32Array)]).toEqual([-3, -4, -6, -7]);
    expect(session.inputNames).toEqual(['x', 'flag']);
    expect(session.outputNames).toEqual(['z', 'first', 'rest']);
    await session.release();
  });

  it('writes each constant and weight once, also those of branches, and names nothing twice', async () => {
    const graph = new GraphBuilder();
    const stored = {
      name: 'w',
      type: 'float32',
      dims: [2],
      file: 'a.data',
      offsetBytes: 128,
      sizeBytes: 8,
    } as const;
    const x = graph.input('x', 'float32', [2]);
    const branch = graph.branch();
    const inner = branch.node('Add', [branch.weight(stored), branch.ints([3])]);
    branch.output('out', 'float32', [2], inner);
    const sum = graph.node('Add', [graph.weight(stored), graph.ints([3])]);
    graph.nodes('If', [x], { then_branch: branch, scale: { float: 0.5 }, mode: 'm' }, { outputs: 1 });
    graph.output('y', 'float32', [2], sum);

    const model = readProto(graph.toModel());
    expect(integersOf(model, 1)).toEqual([10n]);
    const opsets = piecesOf(model, 8).map(readProto);
    expect(opsets.map((opset) => [textsOf(opset, 1)[0], integersOf(opset, 2)[0]])).toEqual([
      ['', 21n],
      ['com.microsoft', 1n],
    ]);
    const read = readProto(piecesOf(model, 7)[0]);
    const initializers = piecesOf(read, 5).map(readProto);
    expect(initializers.map((one) => textsOf(one, 8)[0])).toEqual(['w', 'i1:3']);
    const place = piecesOf(initializers[0], 13).map((entry) => {
      const fields = readProto(entry);
      return [textsOf(fields, 1)[0], textsOf(fields, 2)[0]];
    });
    expect(Object.fromEntries(place)).toEqual({ location: 'a.data', offset: '128', length: '8' });
    const nodes = piecesOf(read, 1).map(readProto);
    expect(nodes.map((node) => textsOf(node, 4)[0])).toEqual(['Add', 'If', 'Identity']);
    const attributes = piecesOf(nodes[1], 5).map(readProto);
    expect(attributes.map((attribute) => [textsOf(attribute, 1)[0], integersOf(attribute, 20)[0]])).toEqual([
      ['then_branch', 5n],
      ['scale', 1n],
      ['mode', 3n],
    ]);
    const innerNodes = piecesOf(readProto(piecesOf(attributes[0], 6)[0]), 1).map(readProto);
    const names = [...nodes, ...innerNodes].flatMap((node) => textsOf(node, 2));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('createSession', () => {
  it('says in a sentence why a file is no model', async () => {
    writeFileSync(join(folder, 'broken.onnx'), 'no model');
    const created = createSession(join(folder, 'broken.onnx'), { device: 'cpu' });
    await expect(created).rejects.toMatchObject({ code: 'SESSION_FAILED', exitCode: 7 });
    await expect(created).rejects.toThrow(/^The model cannot be loaded on cpu: .+$/);
  });

  it('makes tensors of the types that graphs take', () => {
    expect(intTensor([1, -2], [2]).data).toEqual(BigInt64Array.of(1n, -2n));
    expect(boolTensor(true).type).toBe('bool');
  });
});
