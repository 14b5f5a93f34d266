import { describe, expect, it } from 'vitest';
import { SoloGate } from '../../../src/engine/queue/solo-gate.js';

describe('SoloGate', () => {
  it('runs some together and some alone, in order', async () => {
    const gate = new SoloGate();
    const log: string[] = [];
    const ends = new Map<string, () => void>();
    const run = (name: string, isSolo: boolean): Promise<void> =>
      gate.run(isSolo, async () => {
        log.push(`+${name}`);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        log.push(`-${name}`);
      });
    const end = async (name: string, work: Promise<void>): Promise<void> => {
      ends.get(name)!();
      await work;
    };
    const [a, b, c, d, e] = [
      run('a', false),
      run('b', false),
      run('C', true),
      run('D', true),
      run('e', false),
    ];
    await Promise.resolve();
    expect(log).toEqual(['+a', '+b']);
    await end('a', a);
    expect(log).toEqual(['+a', '+b', '-a']);
    await end('b', b);
    await expect.poll(() => log.at(-1)).toBe('+C');
    await end('C', c);
    await expect.poll(() => log.at(-1)).toBe('+D');
    await end('D', d);
    await expect.poll(() => log.at(-1)).toBe('+e');
    await end('e', e);
  });

  it('lets others in after one has failed', async () => {
    const gate = new SoloGate();
    await expect(gate.run(true, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(gate.run(false, async () => 1)).resolves.toBe(1);
  });
});
