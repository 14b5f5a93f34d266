import type { ChildProcess } from 'node:child_process';
import type { Device } from '../../base/dtype.js';
import type { EngineError } from '../../base/errors.js';
import type { EngineEvent, EngineRequest } from '../engine.js';
import { parseFromEngine, type FromEngine, type ToEngine } from '../messages.js';
import { LoadMeter } from '../load-progress.js';
import { StderrTail } from './stderr-tail.js';
import { watchExit } from './watch-exit.js';
import { unpackError } from '../wire-error.js';

/** What `load` answers. */
export type ReadyMessage = Extract<FromEngine, { type: 'ready' }>;

/** Where the answers to one request go. */
interface Receiver {
  event?(event: EngineEvent): void;
  masks?(masks: Float32Array[]): void;
  fail(error: Error): void;
}

/** The promise waiting for the answer to `load`. */
interface Loading {
  readonly resolve: (ready: ReadyMessage) => void;
  readonly reject: (error: Error) => void;
  readonly meter: LoadMeter;
}

/** The conversation with one process of the engine, to its end. */
export class EngineProcess {
  /** Settles when the process is gone, with the sentence that says why. Never rejects. */
  readonly ended: Promise<EngineError>;
  readonly #child: ChildProcess;
  readonly #stderr = new StderrTail();
  readonly #receivers = new Map<number, Receiver>();
  #loading: Loading | undefined;
  /** Set once the process takes no more requests: the error of every later one. */
  #failure: Error | undefined;
  #nextId = 0;

  /**
   * @param child from forkEngine; nothing has been sent to it yet.
   * @param showStderr pass its stderr on, live.
   */
  constructor(child: ChildProcess, showStderr: boolean) {
    this.#child = child;
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr.write(chunk);
      if (showStderr) process.stderr.write(chunk);
    });
    this.#child.on('message', (message) => this.#receive(message));
    this.ended = watchExit(child, () => this.#stderr.text).then((error) => {
      this.#failAll(error);
      return error;
    });
  }

  /** The end of the process's stderr. Complete once `ended` has settled. */
  get stderrText(): string {
    return this.#stderr.text;
  }

  /** Undefined when it never ran. */
  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** False once a request can only fail. */
  get isUsable(): boolean {
    return this.#failure === undefined;
  }

  /**
   * Make it load a model, once. Rejects with the process's own error, or the reason why it died.
   * @param onShare called with the share that is loaded, 0 to 1.
   */
  load(
    modelFolder: string,
    device: Device,
    threads: number | undefined,
    mustBeFast = false,
    onShare: (share: number) => void = () => undefined,
  ): Promise<ReadyMessage> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#loading = { resolve, reject, meter: new LoadMeter(this.#child.pid, onShare) };
      this.#send({
        type: 'load',
        modelFolder,
        device,
        mustBeFast,
        ...(threads === undefined ? {} : { threads }),
      });
    });
  }

  /** Send one request. @returns a function that cancels it; harmless after its end. */
  ask(
    request: EngineRequest,
    onEvent: (event: EngineEvent) => void,
    onFail: (error: Error) => void,
  ): () => void {
    return this.#request(
      { event: onEvent, fail: onFail },
      {
        type: 'ask',
        request: { ...request, images: [...request.images] } as Extract<ToEngine, { type: 'ask' }>['request'],
      },
    );
  }

  /** As Engine.decodeMasks. */
  decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    return new Promise((resolve, reject) => {
      const message = { type: 'masks' as const, codes: codes.map((row) => [...row]) };
      this.#request({ masks: resolve, fail: reject }, message);
    });
  }

  /** End the process: asked politely, then killed after `deadlineMs`. Pending requests fail with `reason`. */
  async stop(deadlineMs: number, reason: Error): Promise<void> {
    this.#failAll(reason);
    this.#send({ type: 'shutdown' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), deadlineMs);
    await this.ended;
    clearTimeout(timer);
  }

  #request(receiver: Receiver, message: DistributeOmit<ToEngine, 'id'>): () => void {
    if (this.#failure !== undefined) {
      receiver.fail(this.#failure);
      return () => undefined;
    }
    const id = this.#nextId++;
    this.#receivers.set(id, receiver);
    this.#send({ ...message, id } as ToEngine);
    return () => {
      if (this.#receivers.delete(id)) this.#send({ type: 'cancel', id });
    };
  }

  #send(message: ToEngine): void {
    // A message to a process that is about to end is lost; `ended` then fails the requests.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(value: unknown): void {
    let message: FromEngine;
    try {
      message = parseFromEngine(value);
    } catch (error) {
      this.#failAll(error as EngineError);
      this.#child.kill('SIGKILL');
      return;
    }
    switch (message.type) {
      case 'loading':
        this.#loading?.meter.begin(message);
        break;
      case 'ready':
        this.#loading?.meter.stop();
        this.#loading?.resolve(message);
        this.#loading = undefined;
        break;
      case 'load-failed':
        this.#failAll(unpackError(message.error));
        break;
      case 'events':
        // Events of a request cancelled in the meantime have no receiver.
        for (const { id, event } of message.items) {
          const receiver = this.#receivers.get(id);
          if (event.type === 'done') this.#receivers.delete(id);
          receiver?.event?.(event);
        }
        break;
      case 'masks':
        this.#take(message.id)?.masks?.(message.masks);
        break;
      case 'failed':
        this.#take(message.id)?.fail(unpackError(message.error));
        break;
    }
  }

  #take(id: number): Receiver | undefined {
    const receiver = this.#receivers.get(id);
    this.#receivers.delete(id);
    return receiver;
  }

  #failAll(error: Error): void {
    this.#failure ??= error;
    this.#loading?.meter.stop();
    this.#loading?.reject(error);
    this.#loading = undefined;
    const receivers = [...this.#receivers.values()];
    this.#receivers.clear();
    for (const receiver of receivers) receiver.fail(error);
  }
}

/** Omit applied to each member of a union. */
type DistributeOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
