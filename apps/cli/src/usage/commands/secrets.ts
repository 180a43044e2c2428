import type { Command } from '../command';
import { inWorkspace, yes } from './flags';

/** Commands about the secrets of a workspace. */
export const SECRETS: readonly Command[] = [
  {
    name: 'secrets list',
    does: 'Lists the secrets of a workspace by their names; nobody reads their values again',
    operands: '',
    mostOperands: 0,
    flags: inWorkspace,
    examples: [{ line: 'millrace secrets list -w hotel', shows: 'which there are, and when each was set' }],
    load: async () => (await import('../../secrets/secrets')).listSecrets,
  },
  {
    name: 'secrets set',
    does: 'Sets a secret to what stands on standard input, or makes it',
    operands: 'NAME',
    mostOperands: 1,
    flags: [{ name: 'description', value: 'TEXT', does: 'What it is for' }, ...inWorkspace],
    examples: [{ line: 'millrace secrets set CRM_KEY -w hotel < crm.key', shows: 'from now on the new value is used' }],
    more: ['The value is never an argument: other programs and the history of a shell see those. One line end behind it is left out.'],
    load: async () => (await import('../../secrets/secrets')).setSecret,
  },
  {
    name: 'secrets unset',
    does: 'Removes a secret; what asks for it fails from then on',
    operands: 'NAME',
    mostOperands: 1,
    flags: [yes, ...inWorkspace],
    examples: [{ line: 'millrace secrets unset CRM_KEY -w hotel', shows: 'asks for its name first' }],
    load: async () => (await import('../../secrets/secrets')).unsetSecret,
  },
];
