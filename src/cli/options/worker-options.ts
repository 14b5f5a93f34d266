import { UsageError } from '../../base/errors.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { readText } from './read-option.js';

/** Which queue, for commands that need one. */
export const queuePlaceOptions: readonly OptionDefinition[] = [
  {
    flags: '--queue <url>',
    description: 'redis://host:6379/0 or postgres://host/database; better set as PALI_QUEUE_URL',
  },
  { flags: '--name <name>', description: 'the name of the queue, if a server has several (default: pali)' },
];

/** A queue that is named. */
export interface QueuePlace {
  readonly queue: string;
  /** That of the address when absent. */
  readonly queueName: string | undefined;
}

/** @throws {UsageError} no queue is named. */
export function readQueuePlace({ options }: CommandCall): QueuePlace {
  const queue = readText(options, 'queue') ?? (process.env['PALI_QUEUE_URL'] || undefined);
  if (queue !== undefined) return { queue, queueName: readText(options, 'name') };
  throw new UsageError('USAGE', 'No queue was named.', {
    hint: 'Name one with --queue redis://host:6379/0, or with PALI_QUEUE_URL, which also keeps a password out of sight.',
  });
}
