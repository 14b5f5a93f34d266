import { describe, expect, it } from 'vitest';
import { chooseQueueModel } from '../../../src/engine/queue/choose-model.js';
import type { QueuedModel, WorkerRecord } from '../../../src/engine/queue/queue-records.js';

const model = (digest: string, name: string, dtype: QueuedModel['dtype']): QueuedModel => ({
  digest,
  name,
  dtype,
  imageSize: 224,
});
const worker = (digest: string, id: string): WorkerRecord => ({
  ...{ id, digest, host: 'h', pid: 1, version: '1', device: 'cpu', concurrency: 8 },
  ...{ startedAt: '', answered: 0, failed: 0 },
});

const models = [model('a', 'mix', 'int8'), model('b', 'mix', 'int4'), model('c', 'pt', 'fp32')];
const workers = [worker('a', '1'), worker('b', '2'), worker('b', '3')];

describe('chooseQueueModel', () => {
  it('takes the form that most workers have, and names the others of that name', () => {
    const { model: chosen, workers: having, others } = chooseQueueModel({ name: 'mix' }, models, workers);
    expect([chosen?.digest, having.map(({ id }) => id), others.map(({ digest }) => digest)]).toEqual([
      'b',
      ['2', '3'],
      ['a'],
    ]);
  });

  it('takes the form that is wanted, and only that', () => {
    expect(chooseQueueModel({ name: 'mix', dtype: 'int8' }, models, workers).model?.digest).toBe('a');
    expect(chooseQueueModel({ name: 'mix', dtype: 'fp16' }, models, workers).model).toBeUndefined();
  });

  it('knows a model whose workers are gone, and where there is none of that name, what workers have', () => {
    expect(chooseQueueModel({ name: 'pt' }, models, workers)).toMatchObject({
      model: { digest: 'c' },
      workers: [],
    });
    const { model: none, others } = chooseQueueModel({ name: 'x' }, models, workers);
    expect([none, others.map(({ digest }) => digest)]).toEqual([undefined, ['a', 'b']]);
  });
});
