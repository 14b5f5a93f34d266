import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CancelledError } from '../../../src/base/errors.js';
import { readResults } from '../../../src/cli/inputs/read-results.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

it('does not take what came before Ctrl-C for all results of a file', async () => {
  const file = join(folder, 'results.jsonl');
  const result = { schemaVersion: 1, input: 'a.png', task: 'caption', prompt: 'caption en', text: 'a cow' };
  writeFileSync(file, `${JSON.stringify(result)}\n`.repeat(3));
  const stop = new AbortController();
  const read = async (): Promise<void> => {
    for await (const { input } of readResults(file, stop.signal, () => undefined)) {
      expect(input).toBe('a.png');
      if (!stop.signal.aborted) stop.abort(new CancelledError());
    }
  };
  await expect(read()).rejects.toBeInstanceOf(CancelledError);
});
