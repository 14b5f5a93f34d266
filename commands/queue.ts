import { exitCodes, UsageError } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readFlag } from '../src/cli/options/read-option.js';
import { queuePlaceOptions, readQueuePlace } from '../src/cli/options/worker-options.js';

const actions = ['status', 'pause', 'resume', 'retry-failed', 'drain'] as const;

export const command: CommandDefinition = {
  group: 'Servers',
  description: 'Show and control a queue of pali worker',
  arguments: [
    {
      name: '[action]',
      description: 'status (default), pause, resume, retry-failed, drain',
      values: actions,
    },
  ],
  options: [...queuePlaceOptions, { flags: '--json', description: 'print the status as JSON' }],
  notes: [
    'pause lets workers finish their jobs and take no new ones. retry-failed puts jobs that failed three times back',
    'into the queue. drain removes waiting jobs, failed jobs and kept answers; a command that still waits for an',
    'answer asks again.',
  ].join(' '),
  examples: [
    'pali queue --queue redis://10.0.0.1:6379/0',
    'pali queue status --json | jq ".models[].waiting"',
    'pali queue retry-failed',
  ],
  run: async (call) => {
    const [word = 'status'] = call.arguments;
    const action = actions.find((one) => one === word);
    if (action === undefined) {
      throw new UsageError('USAGE', `pali queue cannot '${word}'.`, {
        hint: `It is one of: ${actions.join(', ')}.`,
      });
    }
    const place = readQueuePlace(call);
    const isJson = readFlag(call.options, 'json');
    const { withQueue } = await import('../src/models/queue/with-queue.js');
    const { runQueueAction } = await import('../src/cli/models/run-queue-action.js');
    const tell = (sentence: string): void => void process.stderr.write(`note: ${sentence}\n`);
    process.stdout.write(await withQueue(place, tell, (queue) => runQueueAction(queue, action, isJson)));
    return exitCodes.ok;
  },
};
