import { readResidentBytes } from '../base/machine/read-resident-bytes.js';
import type { EngineEvent } from '../engine/engine.js';

/** Bucket bounds of the histogram of the time to the first token, seconds. */
const FIRST_TOKEN_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The server's current state, reported beside what is counted. */
export interface CurrentState {
  readonly requestsUnderWay: number;
  readonly models: number;
  readonly enginePids: readonly number[];
}

/** Counts what the server does, for Prometheus. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #firstTokens = FIRST_TOKEN_BOUNDS.map(() => 0);
  #firstTokenCount = 0;
  #firstTokenSeconds = 0;
  #promptTokens = 0;
  #generatedTokens = 0;
  #visionMs = 0;
  #prefillMs = 0;
  #generateMs = 0;

  countRequest(route: string, task: string, status: number): void {
    const labels = `route="${escapeLabel(route)}",task="${escapeLabel(task)}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
  }

  /** @param sinceMs when the engine was asked, by performance.now. */
  countEvent(event: EngineEvent, sinceMs: number): void {
    if (event.type === 'start') {
      this.#promptTokens += event.promptTokens;
      const seconds = (performance.now() - sinceMs) / 1000;
      this.#firstTokenCount++;
      this.#firstTokenSeconds += seconds;
      FIRST_TOKEN_BOUNDS.forEach((bound, i) => {
        if (seconds <= bound) this.#firstTokens[i]++;
      });
    }
    if (event.type === 'token') this.#generatedTokens++;
    if (event.type !== 'done') return;
    this.#visionMs += event.timings.visionMs;
    this.#prefillMs += event.timings.prefillMs;
    this.#generateMs += event.timings.generateMs;
  }

  /** The text of GET /metrics. */
  async render({ requestsUnderWay, models, enginePids }: CurrentState): Promise<string> {
    const requests = [...this.#requests].map(([labels, count]) => `pali_requests_total{${labels}} ${count}`);
    const buckets = FIRST_TOKEN_BOUNDS.map(
      (bound, i) => `pali_first_token_seconds_bucket{le="${bound}"} ${this.#firstTokens[i]}`,
    );
    const engineBytes = await Promise.all(enginePids.map(async (pid) => (await readResidentBytes(pid)) ?? 0));
    const families: readonly [name: string, type: string, help: string, lines: readonly string[]][] = [
      ['pali_requests_total', 'counter', 'Requests by route, task and status.', requests],
      single(
        'pali_requests_under_way',
        'gauge',
        'Requests in the queue or being answered.',
        requestsUnderWay,
      ),
      single('pali_models_loaded', 'gauge', 'Models in memory.', models),
      [
        'pali_first_token_seconds',
        'histogram',
        'From the question to its first token.',
        [
          ...buckets,
          `pali_first_token_seconds_bucket{le="+Inf"} ${this.#firstTokenCount}`,
          `pali_first_token_seconds_sum ${this.#firstTokenSeconds}`,
          `pali_first_token_seconds_count ${this.#firstTokenCount}`,
        ],
      ],
      single('pali_prompt_tokens_total', 'counter', 'Tokens read, pictures included.', this.#promptTokens),
      single('pali_generated_tokens_total', 'counter', 'Tokens written.', this.#generatedTokens),
      single('pali_vision_seconds_total', 'counter', 'Time in the vision tower.', this.#visionMs / 1000),
      single('pali_prefill_seconds_total', 'counter', 'Time reading prompts.', this.#prefillMs / 1000),
      single(
        'pali_decode_seconds_total',
        'counter',
        'Time writing answers, added up over those written together.',
        this.#generateMs / 1000,
      ),
      [
        'pali_resident_bytes',
        'gauge',
        'Memory of the processes; of engines where the system says.',
        [
          `pali_resident_bytes{process="server"} ${process.memoryUsage.rss()}`,
          `pali_resident_bytes{process="engine"} ${engineBytes.reduce((sum, bytes) => sum + bytes, 0)}`,
        ],
      ],
    ];
    return families
      .map(([name, type, help, lines]) =>
        [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n'),
      )
      .join('');
  }
}

function single(name: string, type: string, help: string, value: number): [string, string, string, string[]] {
  return [name, type, help, [`${name} ${value}`]];
}

/** Escape for use inside quotes in Prometheus' text format. */
function escapeLabel(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}
