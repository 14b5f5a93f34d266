import {
  LIST_MODELS,
  type CompletedCommand,
  type CompletedOption,
  type CompletedValue,
} from './completion-facts.js';

/** A script for bash 3.2 and later. File names are completed wherever nothing else is known. */
export function formatBashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completion of pali for bash. Add to ~/.bashrc: source <(pali completion bash)
_pali_models() { ${LIST_MODELS}; }
_pali() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} options='' values='' first='' at=1
  local commands=' ${names} ' command
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ] && [ "\${cur:0:1}" != - ]; then
    COMPREPLY=($(compgen -W "$commands" -- "$cur"))
    return
  fi
  # The command may come after options; until it does, they are the session's.
  if [ "\${COMP_WORDS[1]:0:1}" = - ]; then
    while [ "$at" -lt "$COMP_CWORD" ] && [ "\${commands/ \${COMP_WORDS[at]} /}" = "$commands" ]; do at=$((at + 1)); done
  fi
  command=\${COMP_WORDS[at]}
  if [ "$at" -eq "$COMP_CWORD" ]; then
    case $cur in -*) ;; *) first=$commands ;; esac
  fi
  case $commands in *" $command "*) ;; *) command=repl ;; esac
  # bash makes a word of its own of the = in --format=json.
  if [ "$cur" = = ]; then
    cur='' prev=$prev=
  elif [ "$prev" = = ]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}=
  fi
  case $command in
${commands.map(formatCommand).join('\n')}
  esac
  if [ -z "$values" ] && [ -n "$first" ]; then values=$first; fi
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
  elif [ "\${cur:0:1}" = - ]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  fi
}
complete -o default -F _pali pali
`;
}

function formatCommand({ name, options, arguments: values }: CompletedCommand): string {
  const names = [
    ...options.flatMap((option) => option.names),
    ...(name === 'repl' ? ['--version'] : []),
  ].join(' ');
  const cases = options
    .filter(({ value }) => value !== undefined && value !== 'files')
    .map((option) => `        ${formatNames(option)}) values=${formatValues(option.value!)} ;;`);
  return [
    `    ${name})`,
    `      options='${names}'`,
    ...values.flatMap((value, index) =>
      value === 'files'
        ? []
        : [
            `      case $((COMP_CWORD - at + 1))$cur in ${index + 2}-*) ;; ${index + 2}*) first=${formatValues(value)} ;; esac`,
          ],
    ),
    ...(cases.length > 0 ? ['      case $prev in', ...cases, '      esac'] : []),
    '      ;;',
  ].join('\n');
}

/** With = and, where the value cannot be left out, also without. */
function formatNames({ names, isValueOptional }: CompletedOption): string {
  return names.flatMap((name) => (isValueOptional ? [`${name}=`] : [name, `${name}=`])).join('|');
}

function formatValues(values: CompletedValue): string {
  return values === 'models' ? '"$(_pali_models)"' : `'${[...values].join(' ')}'`;
}
