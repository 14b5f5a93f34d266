import type { QueueControl } from '../../models/queue/with-queue.js';
import { formatQueue } from './format-queue.js';
import { countNoun } from '../../render/count-noun.js';

/** Do something to a queue. @returns what is printed about it. */
export async function runQueueAction(
  queue: QueueControl,
  action: 'status' | 'pause' | 'resume' | 'retry-failed' | 'drain',
  isJson: boolean,
): Promise<string> {
  const place = `The queue ${queue.name} on ${queue.shown}`;
  switch (action) {
    case 'status': {
      const models = await queue.status();
      if (isJson) return `${JSON.stringify({ queue: queue.name, server: queue.shown, models })}\n`;
      if (models.length === 0) return `${place} has had no worker in the last week.\n`;
      return formatQueue(models, process.stdout.isTTY === true);
    }
    case 'pause':
      await queue.pause();
      return `${place} is paused: workers take no new jobs. Resume it with: pali queue resume\n`;
    case 'resume':
      await queue.resume();
      return `${place} goes on.\n`;
    case 'retry-failed': {
      const { retried, forgotten } = await queue.retryFailed();
      const rest =
        forgotten === 0
          ? ''
          : ` ${countNoun(forgotten, 'job')} had no pixels any more: run the command again that asked.`;
      return `${countNoun(retried, 'job')} will be tried again.${rest}\n`;
    }
    case 'drain':
      return `${place} has forgotten ${countNoun(await queue.drain(), 'job')}.\n`;
  }
}
