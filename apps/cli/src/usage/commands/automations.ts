import type { Command } from '../command';
import { inWorkspace, yes } from './flags';

/** Commands about the automations of the draft. */
export const AUTOMATIONS: readonly Command[] = [
  {
    name: 'automations list',
    does: 'Lists the automations of the draft, by slug',
    operands: '',
    mostOperands: 0,
    flags: inWorkspace,
    examples: [{ line: 'millrace automations list -w hotel', shows: 'what there is, and what starts it' }],
    load: async () => (await import('../../automations/automations')).listAutomations,
  },
  {
    name: 'automations show',
    does: 'Prints the document of an automation of the draft',
    operands: 'AUTOMATION',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace automations show greet > automations/greet.yaml', shows: 'as it was put, comments and all' }],
    load: async () => (await import('../../automations/automations')).showAutomation,
  },
  {
    name: 'automations put',
    does: 'Creates or replaces an automation of the draft',
    operands: 'AUTOMATION FILE',
    mostOperands: 2,
    flags: [
      { name: 'if-match', value: 'REVISION', does: 'Only if it still has this revision; without it, whatever is there' },
      ...inWorkspace,
    ],
    examples: [
      {
        line: 'millrace automations put greet automations/greet.yaml',
        shows: 'a file; nothing runs differently before `versions publish`',
      },
      { line: 'millrace automations put greet - < greet.yaml', shows: 'from standard input' },
    ],
    load: async () => (await import('../../automations/automations')).putAutomation,
  },
  {
    name: 'automations enable',
    does: 'Lets an automation of the draft start runs again',
    operands: 'AUTOMATION',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace automations enable greet', shows: 'nothing runs differently before `versions publish`' }],
    load: async () => (await import('../../automations/automations')).enableAutomation,
  },
  {
    name: 'automations disable',
    does: 'Keeps an automation of the draft from starting runs, and leaves it where it is',
    operands: 'AUTOMATION',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace automations disable greet', shows: 'nothing runs differently before `versions publish`' }],
    load: async () => (await import('../../automations/automations')).disableAutomation,
  },
  {
    name: 'automations usages',
    does: 'Lists where an automation is named in the draft',
    operands: 'AUTOMATION',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace automations usages greet', shows: 'who calls it, which tests are about it' }],
    load: async () => (await import('../../automations/automations')).listAutomationUsages,
  },
  {
    name: 'automations delete',
    does: 'Deletes an automation from the draft',
    operands: 'AUTOMATION',
    mostOperands: 1,
    flags: [yes, ...inWorkspace],
    examples: [{ line: 'millrace automations delete greet', shows: 'asks for its name first' }],
    load: async () => (await import('../../automations/automations')).deleteAutomation,
  },
];
