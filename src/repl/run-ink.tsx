import { render } from 'ink';
import { createCompletionContext } from './input/completion-context.js';
import type { Key } from './input/key.js';
import type { FrameOutput } from './screen/terminal/frame-output.js';
import { createEffectHandler } from './handle-effect.js';
import { KeyReader } from './input/key-reader.js';
import { LineQueue } from './session/line-queue.js';
import { reduceInput } from './input/reduce-input.js';
import type { PlayerStage } from './screen/player/player-stage.js';
import { Repl } from './screen/Repl.js';
import type { Session } from './session/state/session.js';
import { createStore } from './session/state/store.js';
import type { TerminalProfile } from './screen/terminal/terminal-profile.js';
import { reduceUi, startUi } from './screen/ui-state.js';
import { onAbort } from '../base/signals/on-abort.js';

/** What the REPL on a terminal needs. */
export interface InkOptions {
  readonly session: Session;
  readonly profile: TerminalProfile;
  readonly output: FrameOutput;
  /** Where videos are played. */
  readonly stage: PlayerStage;
  readonly history: readonly string[];
  /** Pictures to begin with. */
  readonly paths: readonly string[];
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Aborted from outside: the REPL ends. */
  readonly signal: AbortSignal;
}

/** A frame at most every 17 ms: 60 in a second. */
const MAX_FRAMES_PER_SECOND = 60;
/** A program that could not be suspended resumes after this, milliseconds. */
const SUSPEND_CHECK_MS = 300;

/** Show the session on a terminal until the user leaves. */
export async function runInk(options: InkOptions): Promise<void> {
  const { session, profile, output, stage, stdin, stdout, signal } = options;
  const window = (): { columns: number; rows: number } => ({
    columns: stdout.columns || 80,
    rows: stdout.rows || 24,
  });
  const ui = createStore(startUi(options.history, window()), reduceUi);
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const queue = new LineQueue(session);
  session.onLeave = leave;
  session.onForget = () => ui.dispatch({ type: 'forget' });
  onAbort(signal, () => leave());

  const reader = new KeyReader(stdin, stdout);
  const handle = createEffectHandler({
    session,
    queue,
    ui,
    output,
    completion: createCompletionContext(session),
    leave,
    suspend: () => suspend(reader, output),
  });
  const takeKey = (key: Key): void => {
    if (stage.takeKey(key)) return;
    session.store.dispatch({ type: 'notice', text: undefined });
    const { input, effect } = reduceInput(ui.get().input, key);
    ui.dispatch({ type: 'input', input });
    if (effect !== undefined) handle(effect);
  };
  const resize = (): void => {
    // The frame is laid out anew once the window is its own again.
    if (stage.isOpen) return stage.resize();
    output.resize();
    ui.dispatch({ type: 'window', window: window() });
    // Ink redoes the layout once the components know the new size.
    setImmediate(() => output.emit('resize'));
  };
  stage.onClose = (hasResized) => {
    if (hasResized) resize();
  };
  stdout.on('resize', resize);
  const app = render(<Repl session={session.store} ui={ui} profile={profile} output={output} />, {
    stdout: output as unknown as NodeJS.WriteStream,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: MAX_FRAMES_PER_SECOND,
    isScreenReaderEnabled: profile.isScreenReader,
  });
  reader.start(takeKey);
  const started = queue.start(options.paths);
  try {
    await left;
  } finally {
    stage.close();
    reader.stop();
    stdout.off('resize', resize);
    app.unmount();
    output.close();
    await queue.close();
    await started.catch(() => undefined);
  }
}

/** Ctrl-Z: give the terminal back to the shell until `fg`. */
function suspend(reader: KeyReader, output: FrameOutput): void {
  if (process.platform === 'win32') return;
  output.suspend();
  reader.pause();
  let isBack = false;
  const resume = (): void => {
    if (isBack) return;
    isBack = true;
    process.off('SIGCONT', resume);
    reader.resume();
    output.resume();
  };
  process.on('SIGCONT', resume);
  // The whole group, as the terminal itself would: npm or npx too, and the engine.
  process.kill(0, 'SIGTSTP');
  // If nothing could resume it, the system does not suspend it.
  setTimeout(resume, SUSPEND_CHECK_MS).unref();
}
