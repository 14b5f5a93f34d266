import { loadModel } from '../../../dist/src/engine/model/load-model.js';
import { decodeImage } from '../../../dist/src/image/decode/decode-image.js';
import { normalizePixels } from '../../../dist/src/image/resize/normalize-pixels.js';
import { toModelPixels } from '../../../dist/src/image/resize/to-model-pixels.js';
import { decodeGreedily } from './decode-greedily.mjs';

/*
 * A process that loads a model on a device, answers prompts and says what came of it: a native abort ends
 * this one, not the tests. Message in: DeviceRun of webgpu.test.ts; message out: DeviceOutcome.
 */

async function run({ modelFolder, device, prompts, together }) {
  const { model } = await loadModel({ modelFolder, device });
  const side = model.spec.vision.imageSize;
  const known = new Map();
  for (const picture of prompts.flatMap(({ pictures }) => pictures)) {
    if (known.has(picture)) continue;
    const pixels = normalizePixels(toModelPixels(await decodeImage(picture), side));
    known.set(picture, await model.encodeImage(pixels));
  }
  const encoded = prompts.map(({ pictures }) => pictures.map((picture) => known.get(picture)));
  const jobs = prompts.map(({ ids, maxNewTokens }, index) => ({
    ids,
    maxNewTokens,
    features: encoded[index],
  }));
  const answers = await decodeGreedily(model, jobs, together);
  await model.close();
  return { features: encoded.map(([first]) => [...first.subarray(0, 4096)]), answers };
}

process.once('message', (job) => {
  run(job)
    .catch((error) => ({ error: { code: error.code, message: error.message } }))
    .then((outcome) => process.send(outcome, () => process.exit(0)));
});
