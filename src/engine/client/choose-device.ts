import { existsSync } from 'node:fs';
import type { Device, Dtype } from '../../base/dtype.js';
import { CancelledError, DamagedFileError, EngineError, ModelError } from '../../base/errors.js';
import { deviceTitles, findRemedy } from './device-remedies.js';

/**
 * Weights up to this size run on the CPU. A token reads them all: at 20 GB/s, 200 MB take 10 ms, while WebGPU
 * takes 7.6 ms and 0.3 ms a layer for any model, and a second or more to start.
 */
const SMALL_MODEL_BYTES = 200e6;

/** What the choice of a device needs to know about a model. */
export interface ModelFacts {
  readonly dtype: Dtype;
  /** All its files together. */
  readonly weightBytes: number;
}

/** What the choice of a device needs to know about a computer. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** False when there is no NVIDIA driver, so that CUDA need not be tried. */
  readonly hasNvidia: boolean;
  /** False where there is no graphics device at all, so that WebGPU need not be tried. */
  readonly hasGraphics: boolean;
}

/**
 * This computer. Only on Linux can its devices be found cheaply; elsewhere they have to be tried.
 * @param system and its files; tests play other systems.
 */
export function describeMachine(
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
  exists: (path: string) => boolean = existsSync,
): Machine {
  if (platform !== 'linux') return { platform, arch, hasNvidia: false, hasGraphics: true };
  // /dev/dxg is the graphics card inside Windows' Linux, of whatever make; NVIDIA's comes with its library.
  const isInWindows = exists('/dev/dxg');
  const hasNvidia = exists('/dev/nvidiactl') || (isInWindows && exists('/usr/lib/wsl/lib/libcuda.so.1'));
  return { platform, arch, hasNvidia, hasGraphics: hasNvidia || isInWindows || exists('/dev/dri') };
}

/** Devices that `auto` tries, best first, the CPU last; `notes` say why others are not among them. */
export function listCandidates(facts: ModelFacts, machine: Machine): { devices: Device[]; notes: string[] } {
  if (facts.dtype === 'int8' || facts.dtype === 'int8-int4') {
    return { devices: ['cpu'], notes: [`An ${facts.dtype} model runs on the CPU only.`] };
  }
  if (facts.weightBytes <= SMALL_MODEL_BYTES) {
    return { devices: ['cpu'], notes: ['The CPU was chosen: a model this small gains nothing on a GPU.'] };
  }
  const built = listBuiltDevices(machine);
  const notes: string[] = [];
  const devices = built.filter((device) => {
    const isMissing =
      (device === 'cuda' && !machine.hasNvidia) || (device === 'webgpu' && !machine.hasGraphics);
    if (isMissing) {
      const what = device === 'cuda' ? 'no NVIDIA driver' : 'no graphics device';
      notes.push(`${deviceTitles[device]} was not tried: this computer has ${what}.`);
    }
    return !isMissing;
  });
  return { devices, notes };
}

/** What onnxruntime-node 1.30.0 is built with on a platform (its README), in our order of preference. */
export function listBuiltDevices({ platform, arch }: Machine): Device[] {
  if (platform === 'linux' && arch === 'x64') return ['cuda', 'webgpu', 'cpu'];
  if (platform === 'darwin') return ['webgpu', 'coreml', 'cpu'];
  if (platform === 'win32') return ['webgpu', 'dml', 'cpu'];
  return ['cpu'];
}

/**
 * Refuse a device that onnxruntime does not support here: it would silently use the CPU instead.
 * @throws {EngineError} with the available devices.
 */
export function checkBuilt(device: Device, machine: Machine): void {
  const built = listBuiltDevices(machine);
  if (built.includes(device)) return;
  throw new EngineError('DEVICE_NOT_BUILT', `There is no ${deviceTitles[device]} on this system.`, {
    hint: `Choose one of: auto, ${built.join(', ')}.`,
  });
}

/** The outcome of starting the model on one device; `stderrText` is what the engine wrote to stderr. */
export type Attempt<T> = { readonly started: T } | { readonly error: Error; readonly stderrText: string };

/**
 * The first device on which the model starts, and a note for each that failed.
 * @param devices at least one.
 * @throws {EngineError} none works: the last one's error. {ModelError} {DamagedFileError} the files are bad, which no
 * other device would change.
 */
export async function startOnFirst<T>(
  devices: readonly Device[],
  attempt: (device: Device) => Promise<Attempt<T>>,
  platform: NodeJS.Platform,
): Promise<{ started: T; device: Device; notes: string[] }> {
  const notes: string[] = [];
  for (const [index, device] of devices.entries()) {
    const result = await attempt(device);
    if ('started' in result) return { started: result.started, device, notes };
    const { error, stderrText } = result;
    const remedy = findRemedy(device, `${error.message}\n${stderrText}`, platform);
    const isFinal =
      error instanceof ModelError || error instanceof DamagedFileError || error instanceof CancelledError;
    if (isFinal || index === devices.length - 1) throw addRemedy(error, remedy);
    notes.push(
      `${deviceTitles[device]} is not used: ${error.message}${remedy === undefined ? '' : ` ${remedy}`}`,
    );
  }
  throw new EngineError('NO_DEVICE', 'There is no device to run the model on.');
}

function addRemedy(error: Error, remedy: string | undefined): Error {
  if (remedy === undefined || !(error instanceof EngineError)) return error;
  return new EngineError(error.code, error.message, { hint: remedy, cause: error.cause });
}
