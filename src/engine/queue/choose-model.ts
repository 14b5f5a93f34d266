import type { Dtype } from '../../base/dtype.js';
import type { QueuedModel, WorkerRecord } from './queue-records.js';

/** Which model is wanted: its name, and its form where that matters. */
export interface WantedQueueModel {
  readonly name: string;
  readonly dtype?: Dtype | undefined;
}

/** What a queue offers for a wanted model. */
export interface ModelOffer {
  readonly model: QueuedModel | undefined;
  /** Those that have it. */
  readonly workers: readonly WorkerRecord[];
  /** Other models of that name, or the others altogether where there is none of that name. */
  readonly others: readonly QueuedModel[];
}

/** Of the models that workers have, the wanted one; where several are meant, the one that most workers have. */
export function chooseQueueModel(
  { name, dtype }: WantedQueueModel,
  models: readonly QueuedModel[],
  workers: readonly WorkerRecord[],
): ModelOffer {
  const workersOf = ({ digest }: QueuedModel): WorkerRecord[] =>
    workers.filter((worker) => worker.digest === digest);
  const named = models.filter((model) => model.name === name);
  const [model] = named
    .filter((one) => dtype === undefined || one.dtype === dtype)
    .sort((a, b) => workersOf(b).length - workersOf(a).length);
  const others = (named.length > 0 ? named : models).filter(
    (one) => one !== model && (named.length > 0 || workersOf(one).length > 0),
  );
  return { model, workers: model === undefined ? [] : workersOf(model), others };
}
