import { deviceNames } from '../base/dtype.js';
import { InputError, UsageError } from '../base/errors.js';
import { writeOverlay } from '../render/overlay.js';
import { exportAnswer, exportFormats } from './export-answer.js';
import { formatHelp } from './help.js';
import { areFiles, resolvePath } from './resolve-path.js';
import type { Session } from './session.js';
import { currentPicture } from './session-state.js';
import { changeSetting, settingDefinitions, type Settings } from './settings.js';
import { findCommand, slashCommands, type SlashCommandName } from './slash-commands.js';
import { splitWords } from './split-words.js';

/** Lines that /history lists. */
const HISTORY_LINES = 20;

/** A command with what follows its name. */
interface CommandCall {
  readonly name: string;
  readonly argument: string;
}

/**
 * Do what a slash command says.
 * @throws {UsageError} there is no such command, or it cannot be used like this. Others: what it does failed.
 */
export async function runCommand(
  session: Session,
  { name, argument }: CommandCall,
  line: string,
  signal: AbortSignal,
): Promise<void> {
  const command = findCommand(name);
  if (command === undefined) return runUnknown(session, name, line, signal);
  if (command.needsArgument && argument === '') {
    throw new UsageError('COMMAND', `/${name} needs more: /${name} ${command.usage}`);
  }
  const words = splitWords(argument).map(({ value }) => value);
  await actions[command.name]({ session, words, line, signal });
}

interface Call {
  readonly session: Session;
  /** What follows the name, word by word. */
  readonly words: readonly string[];
  readonly line: string;
  readonly signal: AbortSignal;
}

const actions: Record<SlashCommandName, (call: Call) => Promise<void> | void> = {
  open: async ({ session, words, line, signal }) => void (await session.openPictures(words, line, signal)),
  paste: async ({ session, line, signal }) => {
    const bytes = await session.host.readClipboard();
    const count = session.state.pictures.filter(({ name }) => name.startsWith('clipboard')).length;
    await session.openPicture(bytes, count === 0 ? 'clipboard' : `clipboard ${count + 1}`, line, signal);
  },
  next: (call) => turn(call, 1),
  prev: (call) => turn(call, -1),
  show: showAgain,
  save: async ({ session, words, line }) => {
    const { picture, result } = needAnswer(session);
    await writeOverlay(picture.image, result.detections ?? [], resolvePath(words[0]));
    tell(session, line, `Saved ${words[0]}.`);
  },
  export: async ({ session, words, line }) => {
    const [format, path] = words;
    if (path === undefined) {
      throw new UsageError('COMMAND', '/export needs a format and a file.', {
        hint: `Formats: ${exportFormats.join(', ')}. For example: /export json answer.json`,
      });
    }
    await exportAnswer(needAnswer(session), format, path);
    tell(session, line, `Saved ${path}.`);
  },
  again: async ({ session }) => {
    const { lastPrompt } = session.state;
    if (lastPrompt === undefined) throw new UsageError('COMMAND', 'There is no prompt to send again.');
    await session.runLine(lastPrompt);
  },
  model: switchModel,
  device: switchDevice,
  set: changeSettings,
  preview: ({ session, words, line }) => {
    session.store.dispatch({
      type: 'settings',
      settings: changeSetting(session.state.settings, 'preview', words[0]),
    });
    tell(session, line, `preview: ${words[0]}`);
  },
  history: async ({ session, words, line }) => {
    if (words[0] === 'clear') {
      await session.host.clearHistory();
      tell(session, line, 'The history is empty.');
      return;
    }
    const lines = (await session.host.readHistory()).slice(-HISTORY_LINES);
    session.addBlock({ type: 'table', line, rows: lines.map((text) => [text.replace(/\s+/g, ' '), '']) });
  },
  clear: ({ session }) => session.host.clearScreen(),
  help: ({ session, line }) => session.addBlock({ type: 'table', line, rows: formatHelp() }),
  quit: ({ session }) => session.onLeave(),
};

/** A path that begins with a slash is no command. */
async function runUnknown(session: Session, name: string, line: string, signal: AbortSignal): Promise<void> {
  const paths = splitWords(line.trim()).map(({ value }) => value);
  if (await areFiles(paths)) return void (await session.openPictures(paths, line, signal));
  const names = slashCommands.map((command) => `/${command.name}`);
  const [near] = names.filter((one) => one.startsWith(`/${name[0]}`));
  throw new UsageError('COMMAND', `There is no command /${name}.`, {
    hint: near === undefined ? '/help lists them.' : `Did you mean ${near}? /help lists all.`,
  });
}

async function turn({ session, line }: Call, step: 1 | -1): Promise<void> {
  const { pictures, current } = session.state;
  if (pictures.length < 2) {
    throw new InputError('NO_PICTURE', 'There is no other picture.', {
      hint: 'Open more with /open PATH...',
    });
  }
  const index = (current + step + pictures.length) % pictures.length;
  session.store.dispatch({ type: 'turn-to', index });
  await session.showPicture(pictures[index], line);
}

async function showAgain({ session, line }: Call): Promise<void> {
  const { host, state } = session;
  const picture = currentPicture(state);
  if (picture === undefined)
    throw new InputError('NO_PICTURE', 'No picture is open.', { hint: '/open PATH' });
  const { lastAnswer, settings } = state;
  const detections = lastAnswer?.picture === picture ? (lastAnswer.result.detections ?? []) : [];
  const preview = settings.preview === 'off' ? 'auto' : settings.preview;
  const shown = await host.drawPicture(picture, detections, preview);
  session.addBlock({ type: 'picture', line, picture, position: '', shown });
}

async function switchModel({ session, words, line, signal }: Call): Promise<void> {
  const { model } = session.state;
  if (words.length === 0) {
    const names = await session.host.listModels();
    const rows = names.map((name): [string, string] => [name, name === model.name ? 'in use' : '']);
    session.addBlock({ type: 'table', line, rows });
    return;
  }
  await session.switchModel({ model: words[0], dtype: undefined, device: model.wantedDevice }, signal);
  tell(session, line, `model: ${session.state.model.name}`);
}

async function switchDevice({ session, words, line, signal }: Call): Promise<void> {
  const { model } = session.state;
  if (words.length === 0) {
    const running = model.device === undefined ? '' : `, runs on ${model.device}`;
    tell(session, line, `device: ${model.wantedDevice}${running}`);
    return;
  }
  const device = deviceNames.find((name) => name === words[0]);
  if (device === undefined) {
    throw new UsageError('COMMAND', `There is no device '${words[0]}'.`, {
      hint: `It is one of: ${deviceNames.join(', ')}.`,
    });
  }
  await session.switchModel({ ...session.wish, model: model.name, device }, signal);
  tell(session, line, `device: ${device}`);
}

async function changeSettings({ session, words, line }: Call): Promise<void> {
  const isSaved = words.includes('--save');
  const [key, ...values] = words.filter((word) => word !== '--save');
  const { settings } = session.state;
  if (key === undefined) {
    if (isSaved) {
      await session.host.saveSettings(describeAll(session, settings));
      tell(session, line, 'Saved: the model, the device and all settings, for later sessions.');
      return;
    }
    const rows = settingDefinitions.map(({ key: name, description, show }): [string, string] => [
      `${name} ${show(settings)}`,
      description,
    ]);
    session.addBlock({ type: 'table', line, rows });
    return;
  }
  const changed = changeSetting(settings, key, values.join(' '));
  if (isSaved) await session.host.saveSettings({ [key]: showSetting(key, changed) });
  session.store.dispatch({ type: 'settings', settings: changed });
  tell(session, line, `${key}: ${showSetting(key, changed)}${isSaved ? ', saved for later sessions' : ''}`);
}

function describeAll(session: Session, settings: Settings): Record<string, string> {
  const { name, wantedDevice } = session.state.model;
  const values = settingDefinitions.map(({ key, show }) => [key, show(settings)]);
  return { ...(Object.fromEntries(values) as Record<string, string>), model: name, device: wantedDevice };
}

function showSetting(key: string, settings: Settings): string {
  return settingDefinitions.find((one) => one.key === key)?.show(settings) ?? '';
}

function needAnswer(session: Session): NonNullable<Session['state']['lastAnswer']> {
  const { lastAnswer } = session.state;
  if (lastAnswer !== undefined) return lastAnswer;
  throw new UsageError('COMMAND', 'There is no answer yet.', {
    hint: 'Ask something first, such as: detect cat',
  });
}

function tell(session: Session, line: string, text: string): void {
  session.addBlock({ type: 'note', line, text, tone: 'dim' });
}
