import type { Device, DeviceName } from '../base/dtype.js';
import { createEngine } from '../engine/client/engine-client.js';

/**
 * The device that a name means for a model: for `auto` the one that commands would run it on. It is loaded there once
 * in a separate process, which reports best what a device lacks.
 * @throws {EngineError} {ModelError} {DamagedFileError} it does not run there, or anywhere.
 */
export async function findDevice(name: DeviceName, modelFolder: string): Promise<Device> {
  if (name === 'cpu') return name;
  const engine = createEngine({ modelName: 'bench', modelFolder, device: name });
  try {
    return (await engine.load()).device;
  } finally {
    await engine.close();
  }
}
