import { expect, it } from 'vitest';
import { suitDevice } from '../../src/models/suit-device.js';
import type { Machine } from '../../src/engine/client/choose-device.js';

const linux: Machine = { platform: 'linux', arch: 'x64', hasNvidia: false, hasGraphics: false };
const mac: Machine = { platform: 'darwin', arch: 'arm64', hasNvidia: false, hasGraphics: true };
const nvidia: Machine = { ...linux, hasNvidia: true, hasGraphics: true };
const graphics: Machine = { ...linux, hasGraphics: true };

it.each([
  ['the CPU of a server', 'auto', linux, undefined, undefined],
  ['a Mac', 'auto', mac, 'int4', 'for the CPU only: --dtype int8-int4'],
  ["NVIDIA's card", 'auto', nvidia, 'int4', 'graphics card can run'],
  ['a card that may be slow', 'auto', graphics, undefined, '--dtype int4 can use the graphics card'],
  ['Windows', 'auto', { ...graphics, platform: 'win32' }, undefined, 'int8 runs on the CPU only'],
  ['a card that onnxruntime has no build for', 'auto', { ...nvidia, arch: 'arm64' }, undefined, undefined],
  ['a Mac whose device is the CPU', 'cpu', mac, undefined, undefined],
  ['a device that was set', 'webgpu', linux, 'int4', 'int8 cannot run there'],
] as const)('a pull without --dtype for %s', (_, device, machine, dtype, note) => {
  const choice = suitDevice(device, machine);
  expect(choice.dtype).toBe(dtype);
  if (note === undefined) expect(choice.note).toBeUndefined();
  else expect(choice.note).toContain(note);
});
