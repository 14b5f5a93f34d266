// Load the sessions of a converted model on the CPU as the engine does, and nothing else.
import { join } from 'node:path';
import { createSession } from '../../src/engine/model/onnx-session.js';

const [folder] = process.argv.slice(2);
await createSession(join(folder, 'vision.cpu.onnx'), { device: 'cpu', keepsWeightsMapped: true });
await createSession(join(folder, 'decoder.cpu.onnx'), { device: 'cpu' });
process.send!(true, () => process.exit());
