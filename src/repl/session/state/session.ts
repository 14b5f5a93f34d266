import { CancelledError, describeError, EngineError, exitCodes } from '../../../base/errors.js';
import { ModelPictures } from './model-pictures.js';
import { reduceSession, type SessionAction } from './reduce-session.js';
import type { SessionHost } from './session-host.js';
import { SessionModel, type ModelChoice } from './session-model.js';
import { startSession, type Block, type SessionState } from './session-state.js';
import type { Settings } from './settings.js';
import { createStore, type Store } from './store.js';

/** What commands and prompts act on, without a user interface: `store` holds what is to be shown. */
export class Session {
  readonly store: Store<SessionState, SessionAction>;
  readonly host: SessionHost;
  readonly model: SessionModel;
  readonly modelPictures = new ModelPictures();
  /** Called by /quit. */
  onLeave: () => void = () => undefined;
  /** Called when the history was cleared. */
  onForget: () => void = () => undefined;
  /** What is running and can be paused. */
  pausable: { togglePause(): void } | undefined;
  readonly #closed = new AbortController();
  readonly #ending = new Set<Promise<void>>();

  constructor(host: SessionHost, settings: Settings, choice: ModelChoice, modelName: string) {
    this.host = host;
    this.store = createStore(
      startSession(settings, {
        name: modelName,
        dtype: choice.dtype,
        phase: 'loading',
        wantedDevice: choice.device,
      }),
      reduceSession,
    );
    this.model = new SessionModel(host, this.store, choice, this.closed, (error) =>
      this.addError(error, undefined),
    );
  }

  get state(): SessionState {
    return this.store.get();
  }

  /** Aborted when the session is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Pause what is running, or let it continue. @returns false when that is not possible. */
  togglePause(): boolean {
    this.pausable?.togglePause();
    return this.pausable !== undefined;
  }

  /** Work that closes a file: leaving waits until it is done. */
  async finishBeforeLeaving(work: Promise<void>): Promise<void> {
    const ended = work.catch(() => undefined).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
    return work;
  }

  /** End the engine. */
  async close(): Promise<void> {
    this.#closed.abort(new CancelledError());
    await Promise.all([...this.#ending, this.model.close()]);
  }

  addBlock(block: Block): void {
    this.store.dispatch({ type: 'block', block });
  }

  /** Show the error as a block. An engine that died is restarted. */
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
    // ffmpeg is not the engine.
    const isEngine = error instanceof EngineError && !/^(?:FFMPEG|VIDEO)_/.test(error.code);
    if (isEngine && this.model.restart()) {
      this.addBlock({ type: 'note', text: 'The engine is started again.', tone: 'dim' });
    }
  }
}
