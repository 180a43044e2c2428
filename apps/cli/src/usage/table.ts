import { ACCOUNT } from './commands/account';
import { APPLY } from './commands/apply';
import { AUTOMATIONS } from './commands/automations';
import { EVENTS } from './commands/events';
import { help, json } from './commands/flags';
import { OFFLINE } from './commands/offline';
import { SECRETS } from './commands/secrets';
import { VERSIONS } from './commands/versions';
import { WORKSPACES } from './commands/workspaces';
import type { Command } from './command';

/** Every command. Help, completion and the reference page are made from this table; the code of a command is loaded when it is performed. */
export const COMMANDS: readonly Command[] = [
  ...OFFLINE,
  ...APPLY,
  ...ACCOUNT,
  ...WORKSPACES,
  ...AUTOMATIONS,
  ...VERSIONS,
  ...SECRETS,
  ...EVENTS,
  {
    name: 'completion',
    does: 'Prints the script that makes a shell complete commands, flags and values',
    operands: 'SHELL',
    mostOperands: 1,
    operandWords: ['bash', 'zsh', 'fish'],
    flags: [help],
    examples: [
      { line: 'source <(millrace completion bash)', shows: 'for this bash; a line of ~/.bashrc keeps it' },
      { line: 'millrace completion fish > ~/.config/fish/completions/millrace.fish', shows: 'for every fish' },
    ],
    more: ['SHELL is bash, zsh or fish.'],
    load: async () => (await import('../completion/completion')).completionOf(COMMANDS),
  },
  {
    name: 'version',
    does: 'Prints the version',
    operands: '',
    mostOperands: 0,
    flags: [json, help],
    examples: [{ line: 'millrace version', shows: 'which Millrace this is' }],
    load: async () => (await import('../version/version')).performVersion,
  },
  {
    name: 'help',
    does: 'Says what there is, or more of one command',
    operands: '[COMMAND]',
    mostOperands: 2,
    flags: [help],
    examples: [{ line: 'millrace help check', shows: 'all of one command' }],
    load: async () => (await import('./help')).helpOn(COMMANDS),
  },
];
