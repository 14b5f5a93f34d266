import { UsageError, exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const command: CommandDefinition = {
  group: 'Other',
  description: 'Print a script that lets the shell complete pali',
  arguments: [{ name: '<shell>', description: SHELLS.join(', '), values: SHELLS }],
  options: [],
  notes: 'It completes commands, options, their values, languages, help topics and model names.',
  examples: [
    'pali completion bash >> ~/.bashrc',
    'pali completion zsh >> ~/.zshrc',
    'pali completion fish > ~/.config/fish/completions/pali.fish',
  ],
  run: async (call) => {
    const shell = SHELLS.find((name) => name === call.arguments[0]);
    if (shell === undefined) {
      throw new UsageError('USAGE', `There is no completion for '${call.arguments[0]}'.`, {
        hint: `There is one for: ${SHELLS.join(', ')}.`,
      });
    }
    const { builtFile } = await import('../src/base/package-folder.js');
    const { listCommandNames, loadCommand } = await import('../src/cli/command-folder.js');
    const { toCompletedCommand } = await import('../src/cli/help/completion-facts.js');
    const { helpTopics } = await import('../src/cli/help/help-topics.js');
    const formatters = {
      bash: async () => (await import('../src/cli/help/format-bash-completion.js')).formatBashCompletion,
      zsh: async () => (await import('../src/cli/help/format-zsh-completion.js')).formatZshCompletion,
      fish: async () => (await import('../src/cli/help/format-fish-completion.js')).formatFishCompletion,
    };
    const folder = builtFile('commands/');
    const names = await listCommandNames(folder);
    const helpNames = [...names, ...helpTopics.map(({ name }) => name)];
    const commands = await Promise.all(
      names.map(async (name) => toCompletedCommand(name, await loadCommand(folder, name), helpNames)),
    );
    const format = await formatters[shell]();
    process.stdout.write(format(commands));
    return exitCodes.ok;
  },
};
