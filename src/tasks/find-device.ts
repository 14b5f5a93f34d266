import type { Device, DeviceName } from '../base/dtype.js';
import { createEngine } from '../engine/engine-client.js';

/**
 * The device that a name means for a model: for `auto` the one that commands would run it on, found by loading it in a
 * process of its own.
 * @throws {EngineError} {ModelError} {DamagedFileError} it does not run anywhere.
 */
export async function findDevice(name: DeviceName, modelFolder: string): Promise<Device> {
  if (name !== 'auto') return name;
  const engine = createEngine({ modelName: 'bench', modelFolder, device: 'auto' });
  try {
    return (await engine.load()).device;
  } finally {
    await engine.close();
  }
}
