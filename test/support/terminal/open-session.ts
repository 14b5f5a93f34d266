import { InputError, ModelError } from '../../../src/base/errors.js';
import { LineQueue } from '../../../src/repl/session/line-queue.js';
import { Session } from '../../../src/repl/session/state/session.js';
import type { SessionHost } from '../../../src/repl/session/state/session-host.js';
import { defaultSettings } from '../../../src/repl/session/state/settings.js';
import { FakeEngine, type FakeAnswer } from '../fake-engine.js';

const image = { width: 20, height: 10, data: new Uint8Array(600) };

/** A session whose world is made up, and what it did to it. */
export interface Setting {
  readonly session: Session;
  readonly queue: LineQueue;
  readonly engines: FakeEngine[];
  readonly saved: Record<string, string>;
  readonly history: string[];
  /** The blocks as short texts. */
  readonly shown: () => string[];
}

/** A session on a host without a terminal; the engine is made up, videos are read. */
export function openSession(
  answer: FakeAnswer = ({ prompt }) => prompt,
  change: Partial<SessionHost> = {},
): Setting {
  const engines: FakeEngine[] = [];
  const saved: Record<string, string> = {};
  const history: string[] = [];
  const host: SessionHost = {
    findModel: async ({ model = 'demo' }) => {
      if (model === 'nope') throw new ModelError('MODEL_MISSING', "There is no model 'nope'.");
      engines.push(new FakeEngine(answer));
      return { name: model, dtype: 'fp32', engine: engines.at(-1)! };
    },
    listModels: async () => ['demo', 'other'],
    openPicture: async (source) => {
      if (source === 'missing.png') throw new InputError('IMAGE_MISSING', 'There is no file missing.png.');
      return { image, thumbnail: image, decodeMs: 1 };
    },
    readClipboard: async () => new Uint8Array(3),
    drawPicture: async () => undefined,
    stripLength: () => 0,
    drawStrip: async () => undefined,
    saveSettings: async (values) => void Object.assign(saved, values),
    readHistory: async () => history,
    appendHistory: (line) => void history.push(line),
    clearHistory: async () => void history.splice(0),
    clearScreen: () => undefined,
    version: '0',
    isDebug: false,
    now: () => 0,
    ...change,
  };
  const session = new Session(
    host,
    defaultSettings,
    { model: undefined, dtype: undefined, device: 'auto' },
    'demo',
  );
  const shown = (): string[] =>
    session.state.blocks.map((block) => {
      switch (block.type) {
        case 'answer':
          return `${block.result.text ?? block.result.detections?.map(({ label }) => label).join(',')}${block.isCancelled ? ' cancelled' : ''}`;
        case 'error':
          return `error: ${block.message}`;
        case 'picture':
          return `picture ${block.picture.name} ${block.position}`.trim();
        case 'video':
          return `video ${block.name}: ${block.samples}`;
        case 'moment':
          return `${block.moment.results.length} x ${block.moment.results[0].text}`;
        case 'timeline':
          return `${block.frames} frames${block.isCancelled ? ' cancelled' : ''}`;
        case 'note':
          return block.text;
        case 'table':
          return block.rows.map((row) => row.join(' ').trim()).join('; ');
        case 'header':
          return 'header';
      }
    });
  return { session, queue: new LineQueue(session), engines, saved, history, shown };
}
