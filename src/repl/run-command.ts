import { InputError, UsageError } from '../base/errors.js';
import { findNearestName } from '../tasks/nearest-name.js';
import { tell, type CommandAction, type CommandCall } from './command-call.js';
import { formatHelp } from './help.js';
import { openEach, openSource, showPicture } from './open-media.js';
import { parseLine } from './parse-line.js';
import { areFiles } from './resolve-path.js';
import { runPrompt } from './run-prompt.js';
import type { Session } from './session.js';
import { currentPicture } from './session-state.js';
import { saveCommands } from './save-commands.js';
import { showVideo } from './start-video.js';
import { settingCommands } from './setting-commands.js';
import { findCommand, slashCommands, type SlashCommandName } from './slash-commands.js';
import { turnInVideo, videoCommands } from './video-commands.js';
import { splitWords } from './split-words.js';

/** Lines that /history lists. */
const HISTORY_LINES = 20;

/**
 * Do what a slash command says.
 * @throws {UsageError} there is no such command, or it cannot be used like this. Others: what it does failed.
 */
export async function runCommand(
  session: Session,
  { name, argument }: { readonly name: string; readonly argument: string },
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

const actions: Record<SlashCommandName, CommandAction> = {
  ...saveCommands,
  ...settingCommands,
  ...videoCommands,
  open: async ({ session, words, line, signal }) => openEach(session, words, line, signal),
  paste: async ({ session, line, signal }) => {
    const bytes = await session.host.readClipboard();
    const count = session.state.pictures.filter(({ name }) => name.startsWith('clipboard')).length;
    await openSource(session, bytes, count === 0 ? 'clipboard' : `clipboard ${count + 1}`, line, signal);
  },
  next: (call) => turn(call, 1),
  prev: (call) => turn(call, -1),
  show: showAgain,
  again: async ({ session, signal }) => {
    const { lastPrompt } = session.state;
    const parsed = lastPrompt === undefined ? undefined : parseLine(lastPrompt);
    if (lastPrompt === undefined || parsed?.type !== 'prompt') {
      throw new UsageError('COMMAND', 'There is no prompt to send again.');
    }
    await runPrompt(session, parsed, lastPrompt, signal);
  },
  history: async (call) => {
    const { session, words, line } = call;
    if (words[0] === 'clear') {
      await session.host.clearHistory();
      session.onForget();
      tell(call, 'The history is empty.');
      return;
    }
    const lines = (await session.host.readHistory()).slice(-HISTORY_LINES);
    if (lines.length === 0) return tell(call, 'There are no lines yet.');
    session.addBlock({ type: 'table', line, rows: lines.map((text) => [text.replace(/\s+/g, ' '), '']) });
  },
  clear: ({ session }) => session.host.clearScreen(),
  help: ({ session, line }) => session.addBlock({ type: 'table', line, rows: formatHelp() }),
  quit: ({ session }) => session.onLeave(),
};

/** A path that begins with a slash is no command. */
async function runUnknown(session: Session, name: string, line: string, signal: AbortSignal): Promise<void> {
  const paths = splitWords(line.trim()).map(({ value }) => value);
  if (await areFiles(paths)) return openEach(session, paths, line, signal);
  const near = findNearestName(
    name,
    slashCommands.map((command) => command.name),
  );
  throw new UsageError('COMMAND', `There is no command /${name}.`, {
    hint: near === undefined ? '/help lists them.' : `Did you mean /${near}? /help lists all.`,
  });
}

async function turn(call: CommandCall, step: 1 | -1): Promise<void> {
  if (await turnInVideo(call, step)) return;
  const { session, line } = call;
  const { pictures, current } = session.state;
  if (pictures.length < 2) {
    throw new InputError('NO_PICTURE', 'There is no other picture.', {
      hint: 'Open more with /open PATH...',
    });
  }
  const index = (current + step + pictures.length) % pictures.length;
  session.store.dispatch({ type: 'turn-to', index });
  await showPicture(session, pictures[index], line);
}

async function showAgain({ session, line }: CommandCall): Promise<void> {
  const { host, state } = session;
  const picture = currentPicture(state);
  if (picture === undefined)
    throw new InputError('NO_PICTURE', 'No picture is open.', { hint: '/open PATH' });
  const { lastAnswer, settings } = state;
  if (picture.video !== undefined && picture.video.place === undefined) {
    const { timeline } = state;
    const isAnswered = timeline?.info === picture.video.info && timeline.strip.length > 0;
    return showVideo(session, picture, line, isAnswered ? timeline.strip : undefined);
  }
  const detections = lastAnswer?.picture === picture ? (lastAnswer.result.detections ?? []) : [];
  const preview = settings.preview === 'off' ? 'auto' : settings.preview;
  const shown = await host.drawPicture(picture, detections, preview);
  session.addBlock({ type: 'picture', line, picture, position: '', shown });
}
