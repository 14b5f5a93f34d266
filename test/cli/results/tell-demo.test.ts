import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../src/models/open-engine.js';
import { tellDemo } from '../../../src/cli/results/tell-demo.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
afterEach(() => written.mockClear());

function engineOf(model: string): Pick<Engine, 'load'> {
  return { load: async () => ({ model }) as Awaited<ReturnType<Engine['load']>> };
}

describe('tellDemo', () => {
  const morning = new Date('2026-03-01T08:00:00Z');

  it('says once a day that it was the demo model', async () => {
    const path = join(folder, 'home', 'demo-note');
    await tellDemo(engineOf('demo'), morning, path);
    await tellDemo(engineOf('demo'), new Date('2026-03-01T23:00:00Z'), path);
    expect(written.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining('pali pull google/')]);
    await tellDemo(engineOf('demo'), new Date('2026-03-02T08:00:00Z'), path);
    expect(written).toHaveBeenCalledTimes(2);
  });

  it('says nothing of other models, nor where it could not remember that it did', async () => {
    const path = join(folder, 'other', 'demo-note');
    await tellDemo(engineOf('paligemma-3b-mix-448'), morning, path);
    expect(existsSync(path)).toBe(false);
    await tellDemo(engineOf('demo'), morning, '/proc/none/demo-note');
    expect(written).not.toHaveBeenCalled();
  });
});
