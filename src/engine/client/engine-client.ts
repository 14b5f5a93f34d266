import type { ChildProcess } from 'node:child_process';
import type { Device } from '../../base/dtype.js';
import { CancelledError, EngineError } from '../../base/errors.js';
import { parseManifest } from '../../base/model-manifest.js';
import { checkRequest } from './check-request.js';
import {
  checkBuilt,
  describeMachine,
  listCandidates,
  startOnFirst,
  type Attempt,
  type Machine,
  type ModelFacts,
} from './choose-device.js';
import type { Engine, EngineEvent, EngineInfo, EngineOptions, EngineRequest } from '../engine.js';
import { EngineProcess, type ReadyMessage } from './engine-process.js';
import { EventQueue } from './event-queue.js';
import { forkEngine, type Fork } from './fork-engine.js';
import { onAbort } from '../../base/signals/on-abort.js';

/**
 * How long `close` waits before it kills, milliseconds. An idle engine ends in a tenth of it; one inside a long
 * native call cannot hear, and loses nothing: it writes no files.
 */
const CLOSE_DEADLINE_MS = 1000;

/** What a test replaces, and what was started before. */
export interface EngineDependencies {
  /** Gives the process for the first device to be tried, if one was started before. */
  readonly takeStarted?: () => ChildProcess | undefined;
  readonly fork?: Fork;
  /** The program of the engine's process. */
  readonly childPath?: URL;
  readonly readFacts?: (modelFolder: string) => Promise<ModelFacts>;
  readonly machine?: Machine;
}

/**
 * The model in a process of its own, started by the first request. Requests may be made at the same time. When
 * the process dies, those pending fail with the reason and the next one starts another. After `close` every
 * call fails.
 */
export function createEngine(options: EngineOptions, dependencies: EngineDependencies = {}): Engine {
  return new EngineClient(options, dependencies);
}

interface Running {
  readonly process: EngineProcess;
  readonly info: EngineInfo;
}

class EngineClient implements Engine {
  readonly #options: EngineOptions;
  readonly #dependencies: EngineDependencies;
  readonly #machine: Machine;
  /** Every process not yet gone: those tried and those dying too. */
  readonly #processes = new Set<EngineProcess>();
  #starting: Promise<Running> | undefined;
  #running: Running | undefined;
  /** Result of `auto`: the chosen device first, failed ones left out, so that a restart is quick. */
  #candidates: Candidates | undefined;
  #isClosed = false;
  /** The model's manifest, if it can be read. */
  #imageSize: Promise<number | undefined> | undefined;
  /** Listeners for the share of the model that is loaded. */
  readonly #listeners = new Set<(share: number) => void>();

  constructor(options: EngineOptions, dependencies: EngineDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#machine = dependencies.machine ?? describeMachine();
  }

  async load(onShare?: (share: number) => void): Promise<EngineInfo> {
    if (onShare !== undefined) this.#listeners.add(onShare);
    try {
      return (await this.#start()).info;
    } finally {
      if (onShare !== undefined) this.#listeners.delete(onShare);
    }
  }

  async findImageSize(): Promise<number> {
    this.#imageSize ??= parseManifest(this.#options.modelFolder).then(
      ({ spec }) => spec.vision.imageSize,
      // Loading the model will report why it cannot be used.
      () => undefined,
    );
    return (await this.#imageSize) ?? (await this.load()).imageSize;
  }

  ask(request: EngineRequest, signal?: AbortSignal): AsyncIterable<EngineEvent> {
    let isOver = false;
    let cancel = (): void => undefined;
    let stopListening = (): void => undefined;
    const finish = (): void => {
      isOver = true;
      stopListening();
    };
    const leave = (): void => {
      finish();
      cancel();
    };
    const abort = (): void => {
      leave();
      queue.fail(new CancelledError());
    };
    const fail = (error: Error): void => {
      finish();
      queue.fail(error);
    };
    const receive = (event: EngineEvent): void => {
      queue.push(event);
      if (event.type !== 'done') return;
      finish();
      queue.end();
    };
    const begin = async (): Promise<void> => {
      checkRequest(request);
      if (signal?.aborted) throw new CancelledError();
      stopListening = onAbort(signal, abort);
      const { process } = await this.#start();
      if (!isOver) cancel = process.ask(request, receive, fail);
    };
    const queue = new EventQueue<EngineEvent>(() => void begin().catch(fail), leave);
    return queue;
  }

  async decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    if (codes.length === 0) return [];
    return (await this.#start()).process.decodeMasks(codes);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const reason = new CancelledError('The engine was closed.');
    await Promise.all([...this.#processes].map((child) => child.stop(CLOSE_DEADLINE_MS, reason)));
    await this.#starting?.catch(() => undefined);
  }

  #start(): Promise<Running> {
    if (this.#isClosed) {
      return Promise.reject(new EngineError('ENGINE_CLOSED', 'The engine was closed already.'));
    }
    if (this.#running?.process.isUsable) return Promise.resolve(this.#running);
    this.#starting ??= this.#startProcess().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #startProcess(): Promise<Running> {
    const startedAt = performance.now();
    const candidates = this.#candidates ?? (await this.#listCandidates());
    const attempt = (device: Device): Promise<Attempt<Started>> => this.#tryDevice(device);
    const first = await startOnFirst(candidates.devices, attempt, this.#machine.platform);
    const { process, ready } = first.started;
    const notes = [...candidates.notes, ...first.notes];
    this.#candidates = { devices: candidates.devices.slice(candidates.devices.indexOf(first.device)), notes };
    const info: EngineInfo = {
      model: this.#options.modelName,
      dtype: ready.dtype,
      device: first.device,
      imageSize: ready.imageSize,
      notes,
      loadMs: performance.now() - startedAt,
      ...(ready.loadTimes && { loadTimes: ready.loadTimes }),
      processId: process.processId,
    };
    this.#running = { process, info };
    return this.#running;
  }

  async #listCandidates(): Promise<Candidates> {
    const { modelFolder, device } = this.#options;
    if (device !== 'auto') {
      checkBuilt(device, this.#machine);
      return { devices: [device], notes: [] };
    }
    const facts = await (this.#dependencies.readFacts ?? readModelFacts)(modelFolder);
    return listCandidates(facts, this.#machine);
  }

  async #tryDevice(device: Device): Promise<Attempt<Started>> {
    if (this.#isClosed) return { error: new CancelledError('The engine was closed.'), stderrText: '' };
    const { modelFolder, threads, debug } = this.#options;
    // A software graphics driver passes every test and is slower than the CPU that runs it.
    const mustBeFast = this.#options.device === 'auto' && device !== 'cpu';
    const { takeStarted, childPath, fork } = this.#dependencies;
    const child = new EngineProcess(takeStarted?.() ?? forkEngine(childPath, fork), debug ?? false);
    this.#processes.add(child);
    void child.ended.then(() => this.#processes.delete(child));
    const tell = (share: number): void => this.#listeners.forEach((listen) => listen(share));
    try {
      const ready = await child.load(modelFolder, device, threads, mustBeFast, tell);
      return { started: { process: child, ready } };
    } catch (error) {
      await child.stop(CLOSE_DEADLINE_MS, error as Error);
      return { error: error as Error, stderrText: child.stderrText };
    }
  }
}

interface Candidates {
  readonly devices: readonly Device[];
  readonly notes: readonly string[];
}

interface Started {
  readonly process: EngineProcess;
  readonly ready: ReadyMessage;
}

async function readModelFacts(modelFolder: string): Promise<ModelFacts> {
  const manifest = await parseManifest(modelFolder);
  const weightBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { dtype: manifest.dtype, weightBytes };
}
