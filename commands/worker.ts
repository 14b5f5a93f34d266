import { deviceNames, type DeviceName } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { modelOptions, readModelOptions } from '../src/cli/options/model-options.js';
import { readChoice, readFlag, readNumber } from '../src/cli/options/read-option.js';
import { queuePlaceOptions, readQueuePlace } from '../src/cli/options/worker-options.js';

const DEFAULT_CONCURRENCY = 8;
const MAX_CONCURRENCY = 64;

export const command: CommandDefinition = {
  group: 'Servers',
  description: 'Answer questions of commands on other machines, through a queue',
  arguments: [],
  options: [
    ...queuePlaceOptions,
    ...modelOptions,
    {
      flags: '--concurrency <count>',
      description: `pictures in progress at the same time (default: ${DEFAULT_CONCURRENCY})`,
    },
    {
      flags: '--log <form>',
      description: 'how each picture is logged on stderr: text or json (default: text)',
      values: ['text', 'json'],
    },
    { flags: '-q, --quiet', description: 'do not log pictures' },
    { flags: '--debug', description: "pass on the engine's own messages" },
  ],
  notes: [
    'It answers commands that use --queue and the same model (the same files). If a worker dies, another gets its',
    'pictures. Ctrl-C or SIGTERM stops it after the current pictures. docs/scale.md has the rest.',
  ].join(' '),
  examples: [
    'PALI_QUEUE_URL=redis://:secret@10.0.0.1:6379/0 pali worker --model paligemma-3b-mix-448',
    'pali worker --queue postgres://pali@db/pali --concurrency 16',
    'pali caption -r photos/ --queue redis://10.0.0.1:6379/0 --format jsonl -o captions.jsonl',
  ],
  run: async (call) => {
    const place = readQueuePlace(call);
    const { options, signal } = call;
    const concurrency =
      readNumber(options, 'concurrency', { min: 1, max: MAX_CONCURRENCY, isWhole: true }) ??
      DEFAULT_CONCURRENCY;
    const log = readFlag(options, 'quiet')
      ? 'none'
      : (readChoice(options, 'log', ['text', 'json']) ?? 'text');
    const wanted = readModelOptions(call);
    const { readSetting } = await import('../src/cli/settings/settings.js');
    const saved = (await readSetting('device')).value;
    const device: DeviceName = wanted.device ?? deviceNames.find((name) => name === saved) ?? 'auto';
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { resolveModel } = await import('../src/models/resolve-model.js');
    const model = await resolveModel({
      store: modelsFolder(),
      model: wanted.model ?? (await readSetting('default-model')).value,
      ...{ dtype: wanted.dtype, device, signal },
    });
    const tell = (line: string): void => void process.stderr.write(`${line}\n`);
    const { runWorker } = await import('../src/models/queue/run-worker.js');
    const { formatJobReport } = await import('../src/cli/models/format-job-report.js');
    await runWorker(
      {
        ...{ ...place, model, device, concurrency, isDebug: readFlag(options, 'debug'), onNote: tell },
        onJob: (report) => {
          if (log !== 'none') tell(formatJobReport(report, log));
        },
      },
      signal,
    );
    return exitCodes.ok;
  },
};
