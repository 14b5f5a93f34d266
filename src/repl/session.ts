import { CancelledError, describeError, EngineError, exitCodes } from '../base/errors.js';
import { splitThingsOf } from './prompt-labels.js';
import { openEach } from './open-media.js';
import { parseLine, readPaths } from './parse-line.js';
import { reduceSession, type SessionAction } from './reduce-session.js';
import { areFiles } from './resolve-path.js';
import { runCommand } from './run-command.js';
import { runPrompt } from './run-prompt.js';
import type { SessionHost } from './session-host.js';
import { SessionModel, type ModelWish } from './session-model.js';
import { startSession, type Block, type SessionState } from './session-state.js';
import type { Settings } from './settings.js';
import { findCommand } from './slash-commands.js';
import { createStore, type Store } from './store.js';

/**
 * A conversation about pictures, without any user interface: lines go in, `store` tells what is to be shown. Lines
 * are worked on one after the other; those that come meanwhile wait.
 */
export class Session {
  readonly store: Store<SessionState, SessionAction>;
  readonly host: SessionHost;
  readonly model: SessionModel;
  /** Called by /quit. */
  onLeave: () => void = () => undefined;
  /** Called when the history was cleared. */
  onForget: () => void = () => undefined;
  /** What is under way and can be held up. */
  pausable: { togglePause(): void } | undefined;
  /** Aborted to stop what is under way. */
  #work: AbortController | undefined;
  readonly #closed = new AbortController();
  readonly #ending = new Set<Promise<void>>();

  constructor(host: SessionHost, settings: Settings, wish: ModelWish, modelName: string) {
    this.host = host;
    this.store = createStore(
      startSession(settings, {
        name: modelName,
        dtype: wish.dtype,
        phase: 'loading',
        wantedDevice: wish.device,
      }),
      reduceSession,
    );
    this.model = new SessionModel(host, this.store, wish, this.#closed.signal, (error) =>
      this.addError(error, undefined),
    );
  }

  get state(): SessionState {
    return this.store.get();
  }

  /** Begin to load the model, and open the first pictures. Errors become blocks. */
  async start(paths: readonly string[]): Promise<void> {
    void this.model.load();
    await this.#do(undefined, (signal) => openEach(this, paths, undefined, signal));
    await this.#workOffQueue();
  }

  /** Take a line. It is worked on when those before it are done. */
  async submit(line: string): Promise<void> {
    if (this.state.settings.keepsHistory) this.host.appendHistory(line);
    const parsed = parseLine(line);
    if (parsed.type === 'command' && findCommand(parsed.name)?.isImmediate) return this.#process(line);
    this.store.dispatch({ type: 'queue', line });
    await this.#workOffQueue();
  }

  /**
   * Stop what is under way, at once, and drop the lines that wait.
   * @returns false when nothing was under way.
   */
  cancel(): boolean {
    const { queue } = this.state;
    if (this.#work === undefined) return false;
    this.store.dispatch({ type: 'drop-queue' });
    if (queue.length > 0) {
      const text =
        queue.length === 1 ? 'A waiting line was dropped.' : `${queue.length} waiting lines were dropped.`;
      this.store.dispatch({ type: 'notice', text });
    }
    this.#work.abort(new CancelledError());
    return true;
  }

  /** Hold up what is under way, or let it go on. @returns false when that cannot be. */
  togglePause(): boolean {
    this.pausable?.togglePause();
    return this.pausable !== undefined;
  }

  /** Work that closes a file: leaving waits for its end. */
  async finishBeforeLeaving(work: Promise<void>): Promise<void> {
    const ended = work.catch(() => undefined).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
    return work;
  }

  /** End the engine. */
  async close(): Promise<void> {
    this.#work?.abort(new CancelledError());
    this.#closed.abort(new CancelledError());
    await Promise.all([...this.#ending, this.model.close()]);
  }

  /** Work on a line now, inside the work that is under way. */
  async runLine(line: string): Promise<void> {
    await this.#process(line);
  }

  addBlock(block: Block): void {
    this.store.dispatch({ type: 'block', block });
  }

  /** The error as a block. An engine that died is started again. */
  addError(error: unknown, line: string | undefined): void {
    const { message, hint, exitCode } = describeError(error);
    const stack = this.host.isDebug && error instanceof Error ? error.stack : undefined;
    const isBug = exitCode === exitCodes.bug;
    this.addBlock({
      type: 'error',
      line,
      message,
      hint: isBug ? 'This is a bug in pali. Start it with --debug to see where, and report it.' : hint,
      exitCode,
      stack,
    });
    if (error instanceof EngineError && this.model.restart()) {
      this.addBlock({ type: 'note', text: 'The engine is started again.', tone: 'dim' });
    }
  }

  async #workOffQueue(): Promise<void> {
    while (this.#work === undefined && this.state.queue.length > 0 && !this.#closed.signal.aborted) {
      const [line] = this.state.queue;
      this.store.dispatch({ type: 'unqueue' });
      await this.#process(line);
    }
  }

  async #process(line: string): Promise<void> {
    const parsed = parseLine(line);
    if (parsed.type === 'empty') return;
    if (parsed.type === 'command') {
      const command = findCommand(parsed.name);
      if (command?.isImmediate) return runCommand(this, parsed, line, this.#closed.signal);
      return this.#do(line, (signal) => runCommand(this, parsed, line, signal));
    }
    return this.#do(line, async (signal) => {
      const dropped = readPaths(line);
      if (dropped !== undefined && parsed.paths.length === 0 && (await areFiles(dropped))) {
        await openEach(this, dropped, line, signal);
        return;
      }
      this.store.dispatch({ type: 'prompted', line, labels: splitThingsOf(parsed.text) });
      await runPrompt(this, parsed, line, signal);
    });
  }

  /** Do something that Ctrl-C stops; its errors become blocks. */
  async #do(line: string | undefined, job: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const work = new AbortController();
    this.#work = work;
    try {
      await job(work.signal);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      if (work.signal.aborted || error instanceof CancelledError) {
        this.addBlock({ type: 'note', line, text: 'cancelled', tone: 'dim' });
      } else {
        this.addError(error, line);
      }
    } finally {
      this.#work = undefined;
      this.store.dispatch({ type: 'finish' });
    }
  }
}
