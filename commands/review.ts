import { exitCodes, UsageError } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readNumber, readText } from '../src/cli/options/read-option.js';

const MAX_PORT = 65_535;

export const command: CommandDefinition = {
  group: 'Results',
  description: 'Browse results in the browser, accept and reject them',
  arguments: [{ name: 'results', description: 'a file from --format jsonl or json' }],
  options: [
    {
      flags: '--images <folder>',
      description: 'where the pictures are (default: here, else beside the results)',
    },
    {
      flags: '-o, --output <file>',
      description: 'write the page to one file, with its pictures, instead of showing it',
    },
    { flags: '--port <number>', description: 'serve it on this port (default: any free one)' },
    { flags: '--no-open', description: 'only print the address' },
  ],
  notes: [
    'Only this machine can open the page, at an address that nobody can guess. Marks stay in the browser; the page',
    'exports them as JSON lines. Pictures at web addresses are not fetched.',
  ].join(' '),
  examples: [
    'pali detect cow farm/*.jpg --format jsonl -o results.jsonl && pali review results.jsonl',
    'pali review results.jsonl --output report.html',
  ],
  run: async ({ arguments: [path], options, signal }) => {
    const images = readText(options, 'images');
    const output = readText(options, 'output');
    const port = readNumber(options, 'port', { min: 0, max: MAX_PORT, isWhole: true }) ?? 0;
    if (output === undefined) {
      const { runReview } = await import('../src/serve/review/run-review.js');
      const opensBrowser = options['open'] !== false && process.stderr.isTTY === true;
      await runReview({ path, images, port, opensBrowser }, signal);
      return exitCodes.ok;
    }
    if (options['port'] !== undefined)
      throw new UsageError('OPTION_VALUE', '--port does nothing with --output.');
    const { refuseOverInputs } = await import('../src/base/files/refuse-over-inputs.js');
    await refuseOverInputs(output, [path]);
    const { readResultFile } = await import('../src/serve/review/read-result-file.js');
    const { createPictureOpener } = await import('../src/serve/review/open-result-picture.js');
    const { writeReview } = await import('../src/serve/review/write-review.js');
    const { openFile } = await import('../src/cli/results/open-sink.js');
    const file = await readResultFile(path);
    for (const problem of file.problems) process.stderr.write(`warning: ${problem}\n`);
    const sink = await openFile(output);
    let isWhole = false;
    try {
      for await (const part of writeReview(file, createPictureOpener(path, images), signal))
        await sink.write(part);
      isWhole = true;
    } finally {
      await sink.close(isWhole ? 'keep' : 'discard');
    }
    return exitCodes.ok;
  },
};
