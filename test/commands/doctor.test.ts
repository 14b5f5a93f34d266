import { describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const home = temporaryFolder();
const env = { PALI_HOME: home, HF_HOME: home, HF_TOKEN: 'hf_secret' };

interface Finding {
  readonly name: string;
  readonly state: string;
  readonly note?: string;
}

describe('pali doctor', () => {
  it('tries the CPU, tells what is there, and keeps the token to itself', async () => {
    const result = await runPali(['doctor', '--json'], env);
    expect(result.exitCode).toBe(0);
    const report = JSON.parse(result.stdout) as { isHealthy: boolean; findings: Finding[] };
    expect(report.isHealthy).toBe(true);
    const names = report.findings.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'node',
        'ffmpeg',
        'sharp',
        'cpu',
        'memory',
        'disk',
        'models',
        'token',
        'terminal',
      ]),
    );
    const cpu = report.findings.find(({ name }) => name === 'cpu');
    expect(cpu).toMatchObject({ state: 'ok', note: expect.stringContaining('self-test passed') as string });
    expect(result.stdout).not.toContain('hf_secret');
  });

  it('fails when the default model is not there', async () => {
    const result = await runPali(['doctor'], { ...env, PALI_MODEL: 'gone' });
    expect(result.exitCode).toBe(4);
    expect(result.stdout).toMatch(/^models +demo +FAILED +the default, gone, is not there/m);
  });
});

describe('pali bench', () => {
  it('measures the demo model', async () => {
    const result = await runPali(['bench', '--device', 'cpu', '--json'], env);
    expect(result.exitCode).toBe(0);
    const numbers = JSON.parse(result.stdout) as Record<string, unknown>;
    expect(numbers).toMatchObject({ schemaVersion: 1, name: 'demo', device: 'cpu', isSynthetic: false });
    for (const key of [
      'loadMs',
      'visionMs',
      'prefillMs',
      'tokenMs',
      'peakBytes',
      'captionMs',
      'videoMinuteMs',
    ]) {
      expect(numbers[key], key).toBeGreaterThan(0);
    }
    expect(await runPali(['bench', '--synthetic', 'paligemma-4b'], env)).toMatchObject({ exitCode: 2 });
  });
});
