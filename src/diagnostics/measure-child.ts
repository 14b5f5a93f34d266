import { packError } from '../engine/wire-error.js';
import type { MeasureReply, MeasureRequest } from './measure-apart.js';
import { measureModel } from './measure-model.js';

/** Measures one model for its parent, and ends with it: a run of the model cannot be interrupted. */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', (request: MeasureRequest) => {
  void measure(request).then((reply) => process.send!(reply, () => process.exit()));
});

async function measure({ modelFolder, device }: MeasureRequest): Promise<MeasureReply> {
  try {
    return { measurement: await measureModel(modelFolder, device) };
  } catch (error) {
    return { error: packError(error) };
  }
}
