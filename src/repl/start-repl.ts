import { exitCodes, type ExitCode } from '../base/errors.js';
import { DEMO_MODEL } from '../models/demo-model.js';
import type { HeadStart } from '../models/prestart-engine.js';
import { countStart } from './count-starts.js';
import { createHost, type HostDependencies } from './create-host.js';
import { drawPicture } from './screen/pictures/draw-picture.js';
import { drawStrip, stripLength } from './screen/pictures/draw-strip.js';
import { PlayerStage } from './screen/player/player-stage.js';
import { FrameOutput } from './screen/terminal/frame-output.js';
import type { WindowSize } from './screen/pictures/picture-space.js';
import { runLines } from './run-lines.js';
import { runPlain } from './run-plain.js';
import { Session } from './session/state/session.js';
import type { SessionHost } from './session/state/session-host.js';
import type { ModelChoice } from './session/state/session-model.js';
import {
  changeSetting,
  defaultSettings,
  settingDefinitions,
  type Settings,
} from './session/state/settings.js';
import { choosePictures, type TerminalProfile } from './screen/terminal/terminal-profile.js';
import { createTheme, readThemeOptions } from './screen/terminal/theme.js';

/** How a session begins. */
export interface ReplOptions extends ModelChoice {
  /** Pictures to begin with. */
  readonly paths: readonly string[];
  readonly isDebug: boolean;
  /** Ask a running server of this user; absent for no. */
  readonly usesServer?: boolean;
  /** Ask these servers, and load nothing here. */
  readonly servers?: readonly string[];
  /** The engine's process, where it was started before. */
  readonly headStart?: HeadStart;
  /** Settings that were saved, by the names of /set. */
  readonly saved: Readonly<Record<string, string>>;
  readonly saveSettings: SessionHost['saveSettings'];
  /** Aborted from outside: the session ends. */
  readonly signal: AbortSignal;
  /** Call a listener on Ctrl-C, instead of ending the session. */
  readonly takeInterrupts: (listener: () => void) => void;
}

/**
 * Open a session: on a terminal with Ink, on a dumb one line by line, and otherwise with prompts from stdin.
 *
 * @returns ok; with prompts from stdin the exit code of the first line that failed.
 * @throws {CancelledError} `signal` was aborted before it began, or while prompts were read from stdin.
 */
export async function startRepl(
  options: ReplOptions,
  dependencies: HostDependencies = {},
): Promise<ExitCode> {
  // Ctrl-C came while the program was read.
  options.signal.throwIfAborted();
  const { stdin, stdout } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  if (!isTerminal) return runLines(createSession(options, noView, dependencies), options);
  if (process.env['TERM'] === 'dumb') return runPlain(createSession(options, noView, dependencies), options);
  await openOnTerminal(options, dependencies);
  return exitCodes.ok;
}

async function openOnTerminal(options: ReplOptions, dependencies: HostDependencies): Promise<void> {
  const { stdin, stdout, env } = process;
  // React's other build checks itself at every step.
  env['NODE_ENV'] ??= 'production';
  const isScreenReader = /^(1|true)$/.test(env['INK_SCREEN_READER'] ?? '');
  const theme = createTheme({ ...readThemeOptions(env), isSpoken: isScreenReader });
  const profile: TerminalProfile = { theme, env, isScreenReader };
  const isXtermJs = /^(vscode|Hyper|Tabby)$/.test(env['TERM_PROGRAM'] ?? '');
  const output = new FrameOutput(stdout, { leavesCursor: isScreenReader, isXtermJs });
  const stage = new PlayerStage(stdout, output, theme);
  const window = (): WindowSize => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const view: View = {
    drawPicture: (picture, detections, preview) =>
      drawPicture(picture, detections, choosePictures(profile, preview), window()),
    stripLength: (preview) => stripLength(choosePictures(profile, preview), window()),
    drawStrip: (frames, look, preview) => drawStrip(frames, look, choosePictures(profile, preview), window()),
    openPlayer: (preview) => {
      const choice = choosePictures(profile, preview);
      return choice && stage.open(choice);
    },
    clearScreen: () => output.clearScreen(),
  };
  const session = createSession(options, view, dependencies);
  const { keepsHistory } = session.state.settings;
  // Before Ink: by itself, as a static import would be evaluated after it where files are joined (bin/bundle.js).
  await import('./screen/draw-in-ci.js');
  const [{ runInk }, history, isNew] = await Promise.all([
    import('./run-ink.js'),
    keepsHistory ? session.host.readHistory() : [],
    countStart(),
  ]);
  introduce(session, isNew);
  await runInk({
    session,
    profile,
    output,
    stage,
    history,
    paths: options.paths,
    stdin,
    stdout,
    signal: options.signal,
  });
}

type View = Pick<SessionHost, 'drawPicture' | 'drawStrip' | 'stripLength' | 'openPlayer' | 'clearScreen'>;

/** A view that shows no pictures. */
const noView: View = {
  drawPicture: async () => undefined,
  stripLength: () => 0,
  drawStrip: async () => undefined,
  clearScreen: () => undefined,
};

function createSession(
  { saved, saveSettings, isDebug, headStart, usesServer = false, servers = [], ...choice }: ReplOptions,
  view: View,
  dependencies: HostDependencies,
): Session {
  const { model, dtype, device } = choice;
  const host = createHost({ ...view, saveSettings, isDebug, headStart, usesServer, servers }, dependencies);
  return new Session(host, readSettings(saved), { model, dtype, device }, model ?? DEMO_MODEL);
}

/** Saved settings that no version knows any more are left out: they are no reason not to start. */
function readSettings(saved: Readonly<Record<string, string>>): Settings {
  let settings = defaultSettings;
  // In the order of /set: of two that end each other the later one was meant.
  for (const { key } of settingDefinitions) {
    const value = saved[key];
    if (value === undefined) continue;
    try {
      settings = changeSetting(settings, key, value);
    } catch {
      continue;
    }
  }
  return process.env['PALI_HISTORY'] === 'off' ? { ...settings, keepsHistory: false } : settings;
}

function introduce(session: Session, isNew: boolean): void {
  const { host, state } = session;
  session.addBlock({ type: 'header', version: host.version, model: state.model.name });
  if (state.model.name === DEMO_MODEL) {
    // In one row of 80 columns, the command whole.
    session.addBlock({
      type: 'note',
      text: '! demo knows only drawings; for photos: pali pull google/paligemma-3b-mix-448',
      tone: 'warning',
    });
  }
  if (!isNew) return;
  session.addBlock({
    type: 'note',
    text: 'Drop a picture or a video here or type @ and its path, then: detect cat ; dog, segment cat, caption en, or a question. /help lists everything.',
    tone: 'dim',
  });
}
