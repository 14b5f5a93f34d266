import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError, ToolMissingError } from '../../src/base/errors.js';
import { examineTerminal } from '../../src/cli/models/examine-terminal.js';
import {
  examineDisk,
  examineFfmpeg,
  examineNode,
  examinePictures,
} from '../../src/diagnostics/examine-computer.js';
import { examineDevices } from '../../src/diagnostics/examine-devices.js';
import { examineModels, examineToken } from '../../src/diagnostics/examine-models.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { FakeEngine } from '../support/fake-engine.js';
import { addSampleModel } from '../support/sample-manifest.js';

const folder = temporaryFolder();
const tools = { ffmpegPath: '/usr/bin/ffmpeg', ffprobePath: '/usr/bin/ffprobe', origin: 'path' } as const;

describe('the computer', () => {
  it('is judged by its Node', () => {
    expect(examineNode('20.19.0')).toMatchObject({ state: 'ok' });
    expect(examineNode('24.1.0')).toMatchObject({ state: 'ok' });
    expect(examineNode('20.18.3')).toMatchObject({ state: 'failed', exitCode: 8 });
  });

  it('is judged by its ffmpeg, which may be old or missing', async () => {
    expect(await examineFfmpeg(async () => ({ ...tools, version: [7, 1] }))).toMatchObject({
      value: '7.1 (PATH)',
      state: 'ok',
    });
    expect(await examineFfmpeg(async () => ({ ...tools, version: [4, 1], origin: 'package' }))).toMatchObject(
      {
        value: '4.1 (npm package)',
        state: 'warning',
      },
    );
    const missing = async (): Promise<never> => {
      throw new ToolMissingError('TOOL_MISSING', 'No ffmpeg.', { hint: 'Install it with: apt' });
    };
    expect(await examineFfmpeg(missing)).toMatchObject({
      state: 'absent',
      note: 'needed for videos only. Install it with: apt',
    });
  });

  it('is judged by what pictures need', async () => {
    expect(await examinePictures()).toMatchObject({ name: 'sharp', state: 'ok' });
  });

  it.skipIf(process.getuid?.() === 0)('fails where models cannot be written', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    expect(await examineDisk(join(locked, 'models'))).toMatchObject({ state: 'failed', exitCode: 3 });
  });
});

describe('the devices', () => {
  const { signal } = new AbortController();
  const linux = { platform: 'linux', arch: 'x64', hasNvidia: true, hasGraphics: true } as const;

  it('are tried one by one, and say how to mend them', async () => {
    const engines: FakeEngine[] = [];
    const findings = await examineDevices('unused', signal, linux, async (device) => {
      if (device === 'cuda') throw new EngineError('X', 'No library.', { hint: 'Install libcudart.' });
      const engine = new FakeEngine(() => '');
      engines.push(engine);
      return engine;
    });
    expect(findings.map(({ name, state }) => [name, state])).toEqual([
      ['cpu', 'ok'],
      ['webgpu', 'ok'],
      ['cuda', 'absent'],
    ]);
    expect(findings[0].note).toContain('self-test passed');
    expect(findings[2].note).toBe('No library. Install libcudart.');
    expect(engines.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('are not tried where there is no card', async () => {
    const tried: string[] = [];
    const bare = { ...linux, hasNvidia: false, hasGraphics: false };
    await examineDevices('unused', signal, bare, async (device) => {
      tried.push(device);
      return new FakeEngine(() => '');
    });
    expect(tried).toEqual(['cpu']);
  });

  it('make the command fail only when the CPU does not work', async () => {
    const findings = await examineDevices('unused', signal, linux, async () => {
      throw new EngineError('X', 'No.');
    });
    expect(findings.map(({ state }) => state)).toEqual(['failed', 'absent', 'absent']);
    expect(findings[0].exitCode).toBe(7);
  });
});

describe('the models and the token', () => {
  it('are named', async () => {
    const store = join(folder, 'store');
    expect(await examineModels(store, 'demo')).toMatchObject({ value: 'demo', state: 'ok' });
    addSampleModel(store, 'mine', 'int8');
    expect(await examineModels(store, 'mine')).toMatchObject({ value: 'demo, mine', note: 'default: mine' });
    expect(await examineModels(store, 'gone')).toMatchObject({ state: 'failed', exitCode: 4 });
    writeFileSync(join(store, 'mine', 'int8', 'manifest.json'), '{}');
    expect(await examineModels(store, 'demo')).toMatchObject({ state: 'failed', exitCode: 6 });
  });

  it('say where the token is from, and never what it is', async () => {
    const env = { HF_HOME: join(folder, 'hf'), HF_TOKEN: 'hf_secret' };
    expect(JSON.stringify(await examineToken(env))).not.toContain('secret');
    expect(await examineToken(env)).toMatchObject({ value: 'from HF_TOKEN', state: 'ok' });
    expect(await examineToken({ HF_HOME: join(folder, 'hf') })).toMatchObject({ state: 'absent' });
  });
});

it('knows how pictures look on a terminal', () => {
  const kitty = examineTerminal({ isTTY: true, getColorDepth: () => 24 }, { TERM: 'xterm-kitty' });
  expect(kitty).toMatchObject({ value: 'xterm-kitty', note: 'pictures: kitty, 24-bit colour' });
  expect(examineTerminal({}, {})).toMatchObject({ value: 'none', state: 'absent' });
});
