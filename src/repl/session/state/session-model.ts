import type { DeviceName, Dtype } from '../../../base/dtype.js';
import { CancelledError } from '../../../base/errors.js';
import type { SessionAction } from './reduce-session.js';
import type { FoundModel, SessionHost } from './session-host.js';
import type { SessionState } from './session-state.js';
import type { Store } from './store.js';
import { untilAborted } from './until-aborted.js';

/** Which model, and on which device. */
export interface ModelChoice {
  readonly model: string | undefined;
  readonly dtype: Dtype | undefined;
  readonly device: DeviceName;
}

/** A session's model: found once, loaded in the background, switched and restarted. */
export class SessionModel {
  readonly #host: Pick<SessionHost, 'findModel'>;
  readonly #store: Store<SessionState, SessionAction>;
  /** The session has ended. */
  readonly #closed: AbortSignal;
  readonly #addError: (error: unknown) => void;
  #choice: ModelChoice;
  #model: Promise<FoundModel> | undefined;
  /** What was last loaded: the session goes back to it when another cannot be loaded. */
  #loaded: ModelChoice | undefined;

  /** @param addError called with the reason when a model cannot be loaded and no line is waiting for it. */
  constructor(
    host: Pick<SessionHost, 'findModel'>,
    store: Store<SessionState, SessionAction>,
    choice: ModelChoice,
    closed: AbortSignal,
    addError: (error: unknown) => void,
  ) {
    this.#host = host;
    this.#store = store;
    this.#choice = choice;
    this.#closed = closed;
    this.#addError = addError;
  }

  get choice(): ModelChoice {
    return this.#choice;
  }

  /** The model, found but perhaps not loaded. */
  async find(): Promise<FoundModel> {
    this.#model ??= this.#find();
    return this.#model;
  }

  async load(): Promise<void> {
    try {
      const { engine, name } = await this.find();
      const info = await engine.load((loadedShare) => {
        if (this.#store.get().model.name === name)
          this.#store.dispatch({ type: 'model', model: { loadedShare } });
      });
      if (this.#store.get().model.name !== name) return;
      this.#loaded = this.#choice;
      this.#store.dispatch({
        type: 'model',
        model: { device: info.device, dtype: info.dtype, server: info.server, phase: 'ready' },
      });
    } catch (error) {
      if (this.#closed.aborted || error instanceof CancelledError) return;
      const failed = this.#model;
      // The next prompt tries again.
      this.#model = undefined;
      if (this.#store.get().run === undefined) this.#addError(error);
      if (this.#loaded === undefined || this.#loaded === this.#choice) {
        this.#store.dispatch({ type: 'model', model: { phase: 'failed' } });
      } else {
        void failed?.then(({ engine }) => engine.close()).catch(() => undefined);
        await this.#goBack(this.#loaded);
      }
    }
  }

  /** Load what worked before: a device or a model that fails must not leave the session without one. */
  async #goBack(choice: ModelChoice): Promise<void> {
    this.#choice = choice;
    const model = {
      device: undefined,
      server: undefined,
      loadedShare: undefined,
      wantedDevice: choice.device,
    };
    this.#store.dispatch({ type: 'model', model: { ...model, phase: 'loading' } });
    await this.find().catch(() => undefined);
    const device = choice.device === 'auto' ? '' : ` on ${choice.device}`;
    this.#store.dispatch({ type: 'notice', text: `Back to ${this.#store.get().model.name}${device}.` });
    await this.load();
  }

  /** Load it again after its engine died. @returns false when it was not loaded before. */
  restart(): boolean {
    if (this.#store.get().model.phase !== 'ready') return false;
    this.#store.dispatch({ type: 'model', model: { phase: 'loading', loadedShare: undefined } });
    void this.load();
    return true;
  }

  /** Use another model or device from now on; the old engine ends. The new one loads in the background. */
  async switchTo(choice: ModelChoice, signal: AbortSignal): Promise<void> {
    const found = await untilAborted(this.#host.findModel({ ...choice, signal }), signal);
    const old = this.#model;
    this.#choice = choice;
    this.#model = Promise.resolve(found);
    const { name, dtype } = found;
    this.#store.dispatch({
      type: 'model',
      model: {
        name,
        dtype,
        device: undefined,
        server: undefined,
        phase: 'loading',
        loadedShare: undefined,
        wantedDevice: choice.device,
      },
    });
    void old?.then(({ engine }) => engine.close()).catch(() => undefined);
    void this.load();
  }

  /** End the engine. */
  async close(): Promise<void> {
    const found = await this.#model?.catch(() => undefined);
    await found?.engine.close();
  }

  async #find(): Promise<FoundModel> {
    const found = await this.#host.findModel({ ...this.#choice, signal: this.#closed });
    this.#store.dispatch({ type: 'model', model: { name: found.name, dtype: found.dtype } });
    return found;
  }
}
