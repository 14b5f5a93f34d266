import type { DeviceName } from '../base/dtype.js';
import type { Engine, EngineInfo } from '../engine/engine.js';
import type { ResolvedModel } from '../models/resolve-model.js';

/** A model that was found, and what its manifest says. */
export interface FoundModel extends ResolvedModel {
  /** See base/model-digest. */
  readonly digest: string;
  /** Size of its files. */
  readonly sizeBytes: number;
}

/** A place in memory, with its model. */
export interface ModelSlot {
  readonly model: FoundModel;
  readonly device: DeviceName;
  readonly engine: Engine;
  readonly loading: Promise<EngineInfo>;
  info?: EngineInfo;
  uses: number;
  lastUsed: number;
  timer?: NodeJS.Timeout | undefined;
  expiresAt?: Date | undefined;
}

/** A model that begins to load, and that nobody uses yet. */
export function createSlot(model: FoundModel, device: DeviceName, engine: Engine): ModelSlot {
  return { model, device, engine, loading: engine.load(), uses: 0, lastUsed: performance.now() };
}

/** It stays until it is released. */
export function useSlot(slot: ModelSlot): ModelSlot {
  clearTimeout(slot.timer);
  slot.expiresAt = undefined;
  slot.uses++;
  return slot;
}

export async function endSlot({ timer, engine }: ModelSlot): Promise<void> {
  clearTimeout(timer);
  await engine.close();
}

/** The same files, on the requested device; `auto` accepts any. */
export function isSame(slot: ModelSlot, model: FoundModel, device: DeviceName): boolean {
  if (slot.model.digest !== model.digest || slot.model.dtype !== model.dtype) return false;
  return device === 'auto' || device === slot.device || device === slot.info?.device;
}
