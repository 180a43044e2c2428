import type { Command, Flag } from '../usage/command';
import { firstWords, verbsOf } from '../usage/find-command';
import { nounsOf, operandWords, quoted, spellings } from './words';

/** Completion for zsh: a file named `_millrace` on its fpath, or `source <(millrace completion zsh)`. */
export function zshScript(commands: readonly Command[]): string {
  return `#compdef millrace
# Completion of millrace for zsh: put it on the fpath as _millrace, or source <(millrace completion zsh)
_millrace() {
  local -a commands=(
${firstWords(commands)
  .map((word) => `    ${quoted(`${word}:${doesOf(word, commands)}`)}`)
  .join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  local -a verbs=()
  case "$command" in
${nounsOf(commands)
  .map(({ noun, verbs }) => `    ${noun}) verbs=(${verbs.join(' ')}) ;;`)
  .join('\n')}
  esac
  if (( $#verbs )); then
    if (( CURRENT == 2 )); then
      compadd -a verbs
      return
    fi
    command="$command $words[2]"
    shift words
    (( CURRENT-- ))
  fi
  case "$command" in
${commands.map((command) => `    ${quoted(command.name)}) _arguments -S ${argumentsOf(command, commands)} ;;`).join('\n')}
  esac
}
compdef _millrace millrace
`;
}

function doesOf(word: string, commands: readonly Command[]): string {
  return commands.find(({ name }) => name === word)?.does ?? verbsOf(commands, word).join(', ');
}

function argumentsOf(command: Command, commands: readonly Command[]): string {
  const words = operandWords(command, commands);
  const action = words === undefined ? '_files' : `(${words.join(' ')})`;
  const operand = words?.length === 0 ? [] : [`${command.mostOperands === 1 ? '1' : '*'}: :${action}`];
  return [...command.flags.flatMap(flagSpecs), ...operand].map(quoted).join(' ');
}

function flagSpecs(flag: Flag): readonly string[] {
  const { does, value, values } = flag;
  const taken = value === undefined ? '' : `:${escaped(value)}:${values === undefined ? '_files' : `(${values.join(' ')})`}`;
  return spellings(flag).map((spelling) => `${spelling}[${escaped(does)}]${taken}`);
}

/** In a description, brackets and colons would end it. */
function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
}
