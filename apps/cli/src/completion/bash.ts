import type { Command, Flag } from '../usage/command';
import { firstWords } from '../usage/find-command';
import { nounsOf, operandWords, quoted, spellings } from './words';

/** Completion for bash: `source <(millrace completion bash)`. */
export function bashScript(commands: readonly Command[]): string {
  const names = firstWords(commands).join(' ');
  return `# Completion of millrace for bash: source <(millrace completion bash)
_millrace() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" words= command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W ${quoted(names)} -- "$word")
    return
  fi
  case "$command" in
${nounsOf(commands)
  .map(({ noun, verbs }) => `    ${noun}) words=${quoted(verbs.join(' '))} ;;`)
  .join('\n')}
  esac
  if [ -n "$words" ]; then
    if [ "$COMP_CWORD" -eq 2 ]; then
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
      return
    fi
    command="$command \${COMP_WORDS[2]}" words=
  fi
  case "$command $before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map((command) => wordCase(command, commands)).join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _millrace millrace
`;
}

/** What may follow a flag that takes one of a few values; files for one that takes any. */
function valueCases({ name, flags }: Command): readonly string[] {
  return flags.flatMap((flag) => (flag.value === undefined ? [] : [valueCase(name, flag)]));
}

function valueCase(command: string, flag: Flag): string {
  const patterns = spellings(flag)
    .map((spelling) => quoted(`${command} ${spelling}`))
    .join('|');
  const { values } = flag;
  const act = values === undefined ? '' : `mapfile -t COMPREPLY < <(compgen -W ${quoted(values.join(' '))} -- "$word"); `;
  return `    ${patterns}) ${act}return ;;`;
}

function wordCase(command: Command, commands: readonly Command[]): string {
  const flags = command.flags.flatMap(spellings);
  const operands = operandWords(command, commands) ?? [];
  const [always, dashed] = [operands.join(' '), [...flags, ...operands].join(' ')];
  return `    ${quoted(command.name)}) case "$word" in -*) words=${quoted(dashed)} ;; *) words=${quoted(always)} ;; esac ;;`;
}
