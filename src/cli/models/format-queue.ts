import { stripControl } from '../../base/strip-control.js';
import type { ModelStatus } from '../../models/queue/with-queue.js';
import { formatTable } from './format-table.js';

/** What is in a queue, for people: a table of the models, then the workers, then what failed for good. */
export function formatQueue(models: readonly ModelStatus[], isTerminal: boolean): string {
  const head = ['MODEL', 'WAITING', 'ACTIVE', 'RETRYING', 'FAILED', 'ANSWERS KEPT', 'WORKERS', ''];
  const rows = models.map((model) => [
    `${model.name} ${model.dtype}`,
    ...[model.waiting, model.active, model.delayed, model.failed, model.answersKept].map(String),
    String(model.workers.length),
    model.isPaused ? 'paused' : '',
  ]);
  const workers = models.flatMap((model) =>
    model.workers.map((worker) => [
      `${worker.host} ${worker.pid}`,
      `${model.name} ${model.dtype}`,
      worker.device,
      String(worker.concurrency),
      String(worker.answered),
      String(worker.failed),
      worker.startedAt,
    ]),
  );
  const failures = models.flatMap((model) =>
    model.failures.map((job) => [job.id.slice(0, 9), job.failedAt ?? '', job.prompt ?? '', job.reason]),
  );
  const tables = [
    [head, ...rows],
    workers.length === 0
      ? []
      : [['WORKER', 'MODEL', 'DEVICE', 'AT ONCE', 'ANSWERED', 'FAILED', 'SINCE'], ...workers],
    failures.length === 0 ? [] : [['FAILED', 'WHEN', 'PROMPT', 'WHY'], ...failures],
  ];
  return tables
    .filter((table) => table.length > 0)
    .map((table) =>
      formatTable(
        table.map((row) => row.map(toCell)),
        isTerminal,
      ),
    )
    .join('\n');
}

/** All of it comes from other machines. */
function toCell(text: string): string {
  return stripControl(text).replace(/\s+/g, ' ').slice(0, 120);
}
