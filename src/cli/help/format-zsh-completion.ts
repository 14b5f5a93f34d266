import {
  LIST_MODELS,
  type CompletedCommand,
  type CompletedOption,
  type CompletedValue,
} from './completion-facts.js';

/** A script for zsh's completion system, to be sourced or put into a folder of fpath as _pali. */
export function formatZshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef pali
# Completion of pali for zsh. Add to ~/.zshrc, after compinit: source <(pali completion zsh)
_pali_models() {
  local -a models
  models=(\${(f)"$(${LIST_MODELS})"})
  compadd -a models
}
_pali() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe -t commands command commands
    _files
    return
  fi
  # The command may come after options; without one they are the session's.
  local -a names
  names=(${commands.map(({ name }) => name).join(' ')})
  local -i at=2
  if [[ $words[2] == -* ]]; then
    while (( at < CURRENT && ! $names[(Ie)$words[at]] )); do (( at++ )); done
  fi
  local command=repl
  if (( $names[(Ie)$words[at]] )); then
    command=$words[at]
    words[at]=()
    (( CURRENT-- ))
  fi
  case $command in
${commands.map(formatCommand).join('\n')}
  esac
}
if [[ $funcstack[1] == _pali ]]; then
  _pali "$@"
else
  compdef _pali pali
fi
`;
}

function formatCommand({ name, options, arguments: values }: CompletedCommand): string {
  const specs = options.flatMap(formatOption);
  const places = values.flatMap((value, index) =>
    value === 'files' ? [] : [quote(`${index + 1}:name:${formatAction(value)}`)],
  );
  return [
    `    ${name})`,
    `      _arguments -s -S \\`,
    [...specs, ...places, quote('*:file:_files')].map((spec) => `        ${spec}`).join(' \\\n'),
    '      ;;',
  ].join('\n');
}

/** One spec for each name, which excludes the others. */
function formatOption({ names, description, value, isValueOptional }: CompletedOption): string[] {
  const help = description.replace(/[[\]:\\]/g, '\\$&');
  const others = names.length > 1 ? `(${names.join(' ')})` : '';
  return names.map((name) => {
    if (value === undefined) return quote(`${others}${name}[${help}]`);
    const [mark, colon] = isValueOptional ? ['=-', '::'] : [name.startsWith('--') ? '=' : '', ':'];
    return quote(`${others}${name}${mark}[${help}]${colon}value:${formatAction(value)}`);
  });
}

function formatAction(value: CompletedValue): string {
  if (value === 'files') return '_files';
  return value === 'models' ? '_pali_models' : `(${value.join(' ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
