import { CancelledError } from '../../base/errors.js';
import { openEach } from './prompts/open-media.js';
import { parseLine, readPaths } from './parse-line.js';
import { areThere } from './prompts/resolve-path.js';
import { runCommand } from './commands/run-command.js';
import { runPrompt } from './prompts/run-prompt.js';
import type { Session } from './state/session.js';
import { findCommand } from './commands/slash-commands.js';

/** A session's lines, processed one at a time; lines entered in the meantime wait. */
export class LineQueue {
  readonly #session: Session;
  /** Aborted to stop what is running. */
  #work: AbortController | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Start loading the model, and open the first pictures. Errors become blocks. */
  async start(paths: readonly string[]): Promise<void> {
    void this.#session.model.load();
    await this.#do(undefined, (signal) => openEach(this.#session, paths, undefined, signal));
    await this.#workOff();
  }

  /** Take a line. It is processed after those before it. */
  async submit(line: string): Promise<void> {
    const { host, state, store } = this.#session;
    if (state.settings.keepsHistory) host.appendHistory(line);
    const parsed = parseLine(line);
    if (parsed.type === 'command' && findCommand(parsed.name)?.isImmediate) return this.#process(line);
    store.dispatch({ type: 'queue', line });
    await this.#workOff();
  }

  /**
   * Stop what is running, at once, and drop the waiting lines.
   * @returns false when nothing was running.
   */
  cancel(): boolean {
    const { state, store } = this.#session;
    const { queue } = state;
    if (this.#work === undefined) return false;
    store.dispatch({ type: 'drop-queue' });
    if (queue.length > 0) {
      const text =
        queue.length === 1 ? 'A waiting line was dropped.' : `${queue.length} waiting lines were dropped.`;
      store.dispatch({ type: 'notice', text });
    }
    this.#work.abort(new CancelledError());
    return true;
  }

  /** Stop what is running, and close the session. */
  async close(): Promise<void> {
    this.#work?.abort(new CancelledError());
    await this.#session.close();
  }

  async #workOff(): Promise<void> {
    const { store, closed } = this.#session;
    while (this.#work === undefined && !closed.aborted) {
      const { queue } = store.get();
      if (queue.length === 0) return;
      store.dispatch({ type: 'unqueue' });
      await this.#process(queue[0]);
    }
  }

  async #process(line: string): Promise<void> {
    const session = this.#session;
    const parsed = parseLine(line);
    if (parsed.type === 'empty') return;
    if (parsed.type === 'command') {
      const command = findCommand(parsed.name);
      if (command?.isImmediate) return runCommand(session, parsed, line, session.closed);
      return this.#do(line, (signal) => runCommand(session, parsed, line, signal));
    }
    return this.#do(line, async (signal) => {
      const dropped = readPaths(line);
      const isDropped = dropped !== undefined && parsed.paths.length === 0 && (await areThere(dropped));
      if (isDropped) await openEach(session, dropped, line, signal);
      else await runPrompt(session, parsed, line, signal);
    });
  }

  /** Run a job that Ctrl-C stops; its errors become blocks. */
  async #do(line: string | undefined, job: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const session = this.#session;
    const work = new AbortController();
    this.#work = work;
    try {
      await job(work.signal);
    } catch (error) {
      if (session.closed.aborted) return;
      if (work.signal.aborted || error instanceof CancelledError) {
        session.addBlock({ type: 'note', line, text: 'cancelled', tone: 'dim' });
      } else {
        session.addError(error, line);
      }
    } finally {
      this.#work = undefined;
      session.store.dispatch({ type: 'finish' });
    }
  }
}
