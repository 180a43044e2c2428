import type { Command } from '../command';
import { help, json, onServer, quiet, shown, target } from './flags';

/** Commands of who one is, and where. */
export const ACCOUNT: readonly Command[] = [
  {
    name: 'login',
    does: 'Signs in at a server and keeps the way in under a name',
    operands: '[URL]',
    mostOperands: 1,
    flags: [
      { name: 'name', value: 'NAME', does: 'What the target is called here; without it, the host of URL' },
      { name: 'workspace', short: 'w', value: 'WORKSPACE', does: 'The workspace that is meant at this target' },
      { name: 'token-stdin', does: 'Reads a personal token or a key from standard input instead of asking' },
      target,
      quiet,
      help,
    ],
    examples: [
      { line: 'millrace login http://127.0.0.1:4000', shows: 'prints a link and a code, and waits until you have signed in there' },
      { line: 'millrace login https://mill.example --name team -w hotel', shows: 'a target called team, for one workspace' },
      { line: 'millrace login https://mill.example --token-stdin < token', shows: 'for CI' },
    ],
    more: [
      'What is kept is a personal token of yours, named after this machine; `millrace logout` revokes it.',
      'Without URL: the current target once more.',
    ],
    load: async () => (await import('../../account/login')).performLogin,
  },
  {
    name: 'logout',
    does: 'Revokes the token that `millrace login` made, and forgets it',
    operands: '[TARGET]',
    mostOperands: 1,
    flags: [quiet, help],
    examples: [{ line: 'millrace logout', shows: 'the current target' }],
    load: async () => (await import('../../account/logout')).performLogout,
  },
  {
    name: 'whoami',
    does: 'Says who you are at a server, and in which workspaces',
    operands: '',
    mostOperands: 0,
    flags: onServer,
    examples: [{ line: 'millrace whoami', shows: 'at the current target' }],
    load: async () => (await import('../../account/whoami')).performWhoami,
  },
  {
    name: 'targets list',
    does: 'Lists the servers that are known here; * marks the current one',
    operands: '',
    mostOperands: 0,
    flags: [shown, json, quiet, help],
    examples: [{ line: 'millrace targets list', shows: 'names, addresses, workspaces' }],
    load: async () => (await import('../../account/targets')).listTargets,
  },
  {
    name: 'targets use',
    does: 'Makes a target the current one',
    operands: 'NAME',
    mostOperands: 1,
    flags: [{ name: 'workspace', short: 'w', value: 'WORKSPACE', does: 'The workspace that is meant there from now on' }, quiet, help],
    examples: [{ line: 'millrace targets use team -w hotel', shows: 'another server, and a workspace there' }],
    load: async () => (await import('../../account/targets')).useTarget,
  },
  {
    name: 'targets remove',
    does: 'Forgets a target and what lets you in there; nothing changes on the server',
    operands: 'NAME',
    mostOperands: 1,
    flags: [quiet, help],
    examples: [{ line: 'millrace targets remove team', shows: 'forgets it' }],
    load: async () => (await import('../../account/targets')).removeTarget,
  },
];
