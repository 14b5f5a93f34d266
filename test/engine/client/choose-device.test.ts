import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/base/dtype.js';
import { DamagedFileError, EngineError } from '../../../src/base/errors.js';
import {
  type Attempt,
  checkBuilt,
  describeMachine,
  listCandidates,
  type Machine,
  startOnFirst,
} from '../../../src/engine/client/choose-device.js';
import { findRemedy } from '../../../src/engine/client/device-remedies.js';

const large = { dtype: 'int4' as const, weightBytes: 2e9 };
const linux: Machine = { platform: 'linux', arch: 'x64', hasNvidia: true, hasGraphics: true };

describe('listCandidates', () => {
  it.each<[string, Machine, Device[]]>([
    ['Linux with NVIDIA', linux, ['cuda', 'webgpu', 'cpu']],
    ['Linux with another card', { ...linux, hasNvidia: false }, ['webgpu', 'cpu']],
    ['Linux without a card', { ...linux, hasNvidia: false, hasGraphics: false }, ['cpu']],
    ['Linux on ARM', { ...linux, arch: 'arm64' }, ['cpu']],
    ['macOS', { ...linux, platform: 'darwin', arch: 'arm64' }, ['webgpu', 'coreml', 'cpu']],
    ['Windows', { ...linux, platform: 'win32' }, ['webgpu', 'dml', 'cpu']],
    ['any other', { ...linux, platform: 'freebsd' }, ['cpu']],
  ])('%s', (_name, machine, devices) => {
    expect(listCandidates(large, machine).devices).toEqual(devices);
  });

  it('says why a device was not tried', () => {
    const { notes } = listCandidates(large, { ...linux, hasNvidia: false, hasGraphics: false });
    expect(notes).toEqual([
      'CUDA was not tried: this computer has no NVIDIA driver.',
      'WebGPU was not tried: this computer has no graphics device.',
    ]);
  });

  it.each([
    { dtype: 'int8' as const, weightBytes: 2e9 },
    { dtype: 'fp32' as const, weightBytes: 1e6 },
  ])('gives %j to the CPU, and says so', (facts) => {
    const { devices, notes } = listCandidates(facts, linux);
    expect(devices).toEqual(['cpu']);
    expect(notes).toHaveLength(1);
  });
});

describe('startOnFirst', () => {
  const attempts = (outcomes: Partial<Record<Device, Error>>, stderrText = '') => {
    const tried: Device[] = [];
    const attempt = async (device: Device): Promise<Attempt<string>> => {
      tried.push(device);
      const error = outcomes[device];
      return error === undefined ? { started: `on ${device}` } : { error, stderrText };
    };
    return { tried, attempt };
  };

  it('takes the first that works and notes those before it', async () => {
    const { tried, attempt } = attempts({ cuda: new EngineError('X', 'It broke.') });
    const result = await startOnFirst(['cuda', 'webgpu', 'cpu'], attempt, 'linux');
    expect(result).toEqual({
      started: 'on webgpu',
      device: 'webgpu',
      notes: ['CUDA is not used: It broke.'],
    });
    expect(tried).toEqual(['cuda', 'webgpu']);
  });

  it('falls back after an error that is not ours too', async () => {
    const { attempt } = attempts({ webgpu: new Error('a raw error') });
    const { device, notes } = await startOnFirst(['webgpu', 'cpu'], attempt, 'linux');
    expect(device).toBe('cpu');
    expect(notes[0]).toContain('a raw error');
  });

  it("fails with the last one's error when none works", async () => {
    const { attempt } = attempts({ webgpu: new EngineError('X', 'one'), cpu: new EngineError('Y', 'two') });
    await expect(startOnFirst(['webgpu', 'cpu'], attempt, 'linux')).rejects.toThrow('two');
  });

  it('does not try further when the files are bad', async () => {
    const { tried, attempt } = attempts({ cuda: new DamagedFileError('X', 'A file is damaged.') });
    await expect(startOnFirst(['cuda', 'cpu'], attempt, 'linux')).rejects.toThrow(DamagedFileError);
    expect(tried).toEqual(['cuda']);
  });

  it('gives the error of a device that was asked for its remedy', async () => {
    const { attempt } = attempts(
      { cuda: new EngineError('X', 'It broke.', { hint: 'Something general.' }) },
      'libcublasLt.so.12: cannot open shared object file',
    );
    const error: unknown = await startOnFirst(['cuda'], attempt, 'linux').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).hint).toContain('libcublasLt.so.12 is missing');
  });
});

describe('checkBuilt', () => {
  it.each<[Device, NodeJS.Platform, string]>([
    ['dml', 'linux', 'x64'],
    ['coreml', 'win32', 'x64'],
    ['cuda', 'darwin', 'arm64'],
    ['webgpu', 'linux', 'arm64'],
  ])('refuses %s on %s %s, where onnxruntime would take the CPU', (device, platform, arch) => {
    const machine = { platform, arch, hasNvidia: true, hasGraphics: true };
    expect(() => checkBuilt(device, machine)).toThrow(expect.objectContaining({ exitCode: 7 }));
    expect(() => checkBuilt('cpu', machine)).not.toThrow();
  });
});

describe('findRemedy', () => {
  it.each<[Device, string, NodeJS.Platform, RegExp | undefined]>([
    ['webgpu', 'Failed to get adapter: No supported adapters.', 'linux', /libvulkan1 libegl1.*graphics/],
    ['webgpu', 'No supported adapters.', 'darwin', undefined],
    [
      'cuda',
      'libcudnn.so.9: cannot open shared object file: No such file',
      'linux',
      /libcudnn\.so\.9.*LD_LIBRARY_PATH/,
    ],
    [
      'cuda',
      'libonnxruntime_providers_shared.so: cannot open shared object file',
      'linux',
      /ONNXRUNTIME_NODE_INSTALL=cuda12/,
    ],
    ['cuda', 'CUBLAS_STATUS_ALLOC_FAILED', 'linux', /free memory/],
    ['cuda', 'CUDA failure 2: out of memory', 'linux', /graphics card/],
    ['cuda', 'The engine was killed, probably because it ran out of memory.', 'linux', undefined],
    ['webgpu', 'the self-test gave other numbers', 'linux', undefined],
    ['cpu', 'out of memory', 'linux', undefined],
  ])('%s: %s on %s', (device, text, platform, expected) => {
    const remedy = findRemedy(device, text, platform);
    if (expected === undefined) expect(remedy).toBeUndefined();
    else expect(remedy).toMatch(expected);
  });
});

describe('describeMachine', () => {
  const machine = (...files: string[]): unknown =>
    describeMachine({ platform: 'linux', arch: 'x64' }, (path) => files.includes(path));

  it('takes the graphics card of WSL 2 for one of NVIDIA only with its library', () => {
    expect(machine('/dev/dxg')).toMatchObject({ hasNvidia: false, hasGraphics: true });
    expect(machine('/dev/dxg', '/usr/lib/wsl/lib/libcuda.so.1')).toMatchObject({ hasNvidia: true });
    expect(machine('/dev/nvidiactl')).toMatchObject({ hasNvidia: true, hasGraphics: true });
    expect(machine('/dev/dri')).toMatchObject({ hasNvidia: false, hasGraphics: true });
    expect(machine()).toMatchObject({ hasNvidia: false, hasGraphics: false });
  });
});
