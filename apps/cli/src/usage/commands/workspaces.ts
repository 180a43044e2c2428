import type { Command } from '../command';
import { inWorkspace, onServer, yes } from './flags';

/** Commands about workspaces as a whole. */
export const WORKSPACES: readonly Command[] = [
  {
    name: 'workspaces list',
    does: 'Lists the workspaces you belong to, newest first',
    operands: '',
    mostOperands: 0,
    flags: onServer,
    examples: [{ line: 'millrace workspaces list', shows: 'where you have a part' }],
    load: async () => (await import('../../workspaces/workspaces')).listWorkspaces,
  },
  {
    name: 'workspaces show',
    does: 'Shows a workspace',
    operands: '[WORKSPACE]',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace workspaces show hotel -o yaml', shows: 'all there is to know of it' }],
    load: async () => (await import('../../workspaces/workspaces')).showWorkspace,
  },
  {
    name: 'workspaces create',
    does: 'Creates a workspace, which is yours',
    operands: 'NAME',
    mostOperands: 1,
    flags: [
      { name: 'slug', value: 'SLUG', does: 'Its short name in addresses; made from NAME without it' },
      { name: 'description', value: 'TEXT', does: 'What it is for' },
      ...onServer,
    ],
    examples: [{ line: "millrace workspaces create 'Hotel du Lac' --slug hotel", shows: 'a new one' }],
    load: async () => (await import('../../workspaces/workspaces')).createWorkspace,
  },
  {
    name: 'workspaces delete',
    does: 'Deletes a workspace; its automations stop at once',
    operands: 'WORKSPACE',
    mostOperands: 1,
    flags: [yes, ...onServer],
    examples: [{ line: 'millrace workspaces delete hotel', shows: 'asks for its name first' }],
    load: async () => (await import('../../workspaces/workspaces')).deleteWorkspace,
  },
];
