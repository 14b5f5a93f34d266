import type { DeviceName } from '../base/dtype.js';
import { describeMachine, listBuiltDevices, type Machine } from '../engine/client/choose-device.js';

/** The form that a graphics card asks for, and what the user should know of it. */
export interface SuitedForm {
  readonly dtype?: 'int4';
  readonly note?: string;
}

/**
 * int8 is the quickest on a CPU and runs nowhere else; int4 runs everywhere. Without a word of the user, int4 where
 * the models run on a graphics card: one that was set as the device, NVIDIA's, or a Mac's.
 */
export function suitDevice(device: DeviceName, machine: Machine = describeMachine()): SuitedForm {
  if (device === 'cpu') return {};
  if (device !== 'auto') {
    return { dtype: 'int4', note: `${device} is set as the device, and int8 cannot run there: int4.` };
  }
  if (!listBuiltDevices(machine).some((built) => built !== 'cpu')) return {};
  if (machine.platform === 'darwin' || machine.hasNvidia) {
    return {
      dtype: 'int4',
      note: 'int4, which the graphics card can run; for the CPU only: --dtype int8-int4',
    };
  }
  if (!machine.hasGraphics) return {};
  return { note: 'int8 runs on the CPU only; --dtype int4 can use the graphics card as well.' };
}
