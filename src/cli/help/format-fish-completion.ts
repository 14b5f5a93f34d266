import {
  LIST_MODELS,
  type CompletedCommand,
  type CompletedOption,
  type CompletedValue,
} from './completion-facts.js';

/** A script for fish, which completes file names by itself. */
export function formatFishCompletion(commands: readonly CompletedCommand[]): string {
  // Before a command come options of the session.
  const session = commands.find(({ name }) => name === 'repl')?.options ?? [];
  return `# Completion of pali for fish. Save it: pali completion fish > ~/.config/fish/completions/pali.fish
function __pali_models
    ${LIST_MODELS}
end
# The command may come after options.
function __pali_needs_command
    not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}; or return
    set -l words (commandline -opc)
    test (count $words) -lt 2; or string match -q -- '-*' $words[2]
end
${commands.map(formatCommand).join('\n')}
${session.map((option) => `complete -c pali -n __pali_needs_command ${formatOption(option)}`).join('\n')}
complete -c pali -n __pali_needs_command -s V -l version -d 'print the version'
`;
}

function formatCommand({ name, description, options, arguments: values }: CompletedCommand): string {
  const start = `complete -c pali -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c pali -n __pali_needs_command -a ${name} -d ${quote(description)}`,
    ...values.flatMap((value, index) =>
      value === 'files' ? [] : [`${afterWords(name, values[index - 1])} -f -a ${formatWords(value)}`],
    ),
    ...options.map((option) => `${start} ${formatOption(option)}`),
  ].join('\n');
}

/** A later argument is offered once one of the words before it is there. */
function afterWords(name: string, before: CompletedValue | undefined): string {
  const words =
    before === undefined || typeof before === 'string'
      ? ''
      : `; and __fish_seen_subcommand_from ${before.join(' ')}`;
  return `complete -c pali -n '__fish_seen_subcommand_from ${name}${words}'`;
}

function formatOption({ names, description, value, isValueOptional }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  // -x: a value and no files; -r: a value, which may be a file; an optional value is given with =.
  const kind = value === 'files' ? ['-r'] : value === undefined ? [] : [`${isValueOptional ? '-f' : '-x'}`];
  const words = value === undefined || value === 'files' ? [] : [`-a ${formatWords(value)}`];
  return [...flags, ...kind, ...words, `-d ${quote(description)}`].join(' ');
}

function formatWords(value: Exclude<CompletedValue, 'files'>): string {
  return quote(value === 'models' ? '(__pali_models)' : value.join(' '));
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
