import type { Command } from '../command';
import { archive, inWorkspace, onServer, yes } from './flags';

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
    name: 'workspaces export',
    does: 'Writes the version of a workspace that runs into an archive, the same bytes each time',
    operands: '[WORKSPACE]',
    mostOperands: 1,
    flags: [...archive, ...inWorkspace],
    examples: [{ line: 'millrace workspaces export hotel --out hotel.zip --apps', shows: 'to move it to another server' }],
    load: async () => (await import('../../versions/export')).exportWorkspace,
  },
  {
    name: 'workspaces import',
    does: 'Makes a workspace of an archive or a folder, or brings its files into the draft of one',
    operands: 'ARCHIVE',
    mostOperands: 1,
    flags: [
      { name: 'into', value: 'WORKSPACE', does: 'Into the draft of this one; a new one without it' },
      { name: 'name', value: 'NAME', does: 'What a new one is called; as the archive says without it' },
      { name: 'slug', value: 'SLUG', does: 'The short name of a new one; made from its name without it' },
      { name: 'app', value: 'APP@NUMBER', does: 'An app of the archive, in the place of the workspace' },
      { name: 'prune', does: 'Removes what is in the draft and not in the archive' },
      { name: 'dry-run', does: 'Only says what would be done' },
      ...onServer,
    ],
    examples: [
      { line: 'millrace workspaces import hotel.zip --slug hotel', shows: 'what became of each file that is not as it was' },
      { line: 'millrace workspaces import old.zip --into hotel --dry-run', shows: 'what would change' },
      { line: 'millrace workspaces import ./exported-from-prisme --slug hotel', shows: 'a folder, as it was exported' },
      { line: 'millrace workspaces import hotel.zip --app crm@1.2.0', shows: 'an app that came with it, to publish it here' },
    ],
    more: ['ARCHIVE is a zip, a tar.gz or a folder, of Millrace or of Prisme.ai, which is translated. It is taken whole or not at all.'],
    load: async () => (await import('../../workspaces/import')).importWorkspace,
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
