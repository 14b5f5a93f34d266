import type { Device } from '../base/dtype.js';
import { exitCodes, joinHint, PaliError } from '../base/errors.js';
import { describeMachine, listBuiltDevices, type Machine } from '../engine/client/choose-device.js';
import { createEngine } from '../engine/client/engine-client.js';
import type { Engine } from '../engine/engine.js';
import { prepareDemoModel } from '../models/demo-model.js';
import { describeProcessor } from './examine-computer.js';
import type { Finding } from './finding.js';

/** A device that has not answered by then is stuck. The first start of a graphics driver takes seconds. */
const SELF_TEST_LIMIT_MS = 60_000;

/** Opens the demo model on a device; replaced in tests. */
export type OpenDemo = (device: Device) => Promise<Engine>;

/**
 * Run the demo model on every device that this platform's onnxruntime knows: each must reproduce the numbers that the
 * CPU gave when the model was converted.
 *
 * @param store the folder for models; the demo model is created there if missing.
 */
export async function examineDevices(
  store: string,
  signal: AbortSignal,
  machine: Machine = describeMachine(),
  open: OpenDemo = (device) => openDemo(store, device, signal),
): Promise<Finding[]> {
  const { title, features } = await describeProcessor();
  const findings: Finding[] = [];
  // The CPU first: what fails there fails everywhere.
  for (const device of listBuiltDevices(machine).reverse()) {
    signal.throwIfAborted();
    const missing = findMissing(device, machine);
    if (missing !== undefined) {
      findings.push({ name: device, value: 'not here', state: 'absent', note: missing });
      continue;
    }
    const result = await test(device, open);
    const value = device === 'cpu' ? title : result.isWorking ? 'works' : 'does not work';
    if (result.isWorking) {
      const extra = device === 'cpu' && features !== '' ? `${features}; ` : '';
      const note = `${extra}self-test passed, ${(result.durationMs / 1000).toFixed(1)} s`;
      findings.push({ name: device, value, state: 'ok', note });
    } else if (device === 'cpu') {
      findings.push({ name: device, value, state: 'failed', note: result.why, exitCode: exitCodes.engine });
    } else {
      findings.push({ name: device, value, state: 'absent', note: result.why });
    }
  }
  return findings;
}

async function test(
  device: Device,
  open: OpenDemo,
): Promise<{ isWorking: true; durationMs: number } | { isWorking: false; why: string }> {
  let engine: Engine | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    engine = await open(device);
    const startedAt = performance.now();
    timer = setTimeout(() => void engine?.close(), SELF_TEST_LIMIT_MS);
    await engine.load();
    return { isWorking: true, durationMs: performance.now() - startedAt };
  } catch (error) {
    if (!(error instanceof PaliError)) throw error;
    return { isWorking: false, why: joinHint(error) };
  } finally {
    clearTimeout(timer);
    await engine?.close();
  }
}

/** Why a device need not be tried, and what would make it available. */
function findMissing(device: Device, machine: Machine): string | undefined {
  if (device === 'cuda' && !machine.hasNvidia) return 'to add it: an NVIDIA card and its driver';
  if (device === 'webgpu' && !machine.hasGraphics) return 'to add it: a graphics card and its Vulkan driver';
  return undefined;
}

async function openDemo(store: string, device: Device, signal: AbortSignal): Promise<Engine> {
  const modelFolder = await prepareDemoModel({ store, dtype: 'fp32', signal });
  return createEngine({ modelName: 'demo', modelFolder, device });
}
