import { UsageError } from '../../../base/errors.js';
import { findNearestName } from '../../../base/nearest-name.js';
import { tell, type CommandAction } from './session-call.js';
import { formatHelp } from './format-help.js';
import { openEach } from '../prompts/open-media.js';
import { parseLine } from '../parse-line.js';
import { areThere } from '../prompts/resolve-path.js';
import { play } from './play.js';
import { pictureCommands } from './picture-commands.js';
import { runPrompt } from '../prompts/run-prompt.js';
import type { Session } from '../state/session.js';
import { saveCommands } from './save-commands.js';
import { settingCommands } from './setting-commands.js';
import { findCommand, slashCommands, type SlashCommandName } from './slash-commands.js';
import { videoCommands } from './video-commands.js';
import { splitWords } from '../split-words.js';

/** How many lines /history lists. */
const HISTORY_LINES = 20;

/**
 * Run a slash command.
 * @throws {UsageError} there is no such command, or it cannot be used like this. Others: the command failed.
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
  ...pictureCommands,
  ...saveCommands,
  ...settingCommands,
  ...videoCommands,
  play,
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

/** What other programs call these commands. */
const meanings: Readonly<Record<string, SlashCommandName>> = {
  load: 'open',
  image: 'open',
  picture: 'open',
  file: 'open',
  add: 'open',
  ls: 'open',
  list: 'open',
  write: 'save',
  download: 'save',
  results: 'answers',
  watch: 'play',
  start: 'play',
  redo: 'again',
  retry: 'again',
  repeat: 'again',
  cls: 'clear',
  reset: 'clear',
  config: 'set',
  settings: 'set',
  option: 'set',
  gpu: 'device',
  cpu: 'device',
};

/** What other programs have and a session does not need. */
const unneeded: Readonly<Record<string, string>> = {
  close: 'Nothing needs closing: /open PATH opens another picture, /open 2 goes back to one, /quit leaves.',
};

/** A path that begins with a slash is not a command. */
async function runUnknown(session: Session, name: string, line: string, signal: AbortSignal): Promise<void> {
  const paths = splitWords(line.trim()).map(({ value }) => value);
  if (await areThere(paths)) return openEach(session, paths, line, signal);
  const names = slashCommands.map((command) => command.name);
  const near = meanings[name] ?? findNearestName(name, names);
  throw new UsageError('COMMAND', `There is no command /${name}.`, {
    hint:
      unneeded[name] ??
      (near === undefined ? '/help lists them.' : `Did you mean /${near}? /help lists all.`),
  });
}
