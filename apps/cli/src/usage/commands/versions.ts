import type { Command } from '../command';
import { archive, inWorkspace } from './flags';

/** Commands about the published states of a workspace. */
export const VERSIONS: readonly Command[] = [
  {
    name: 'versions list',
    does: 'Lists the published versions, newest first; * marks the one that runs',
    operands: '',
    mostOperands: 0,
    flags: inWorkspace,
    examples: [{ line: 'millrace versions list -w hotel', shows: 'numbers, digests, who and when' }],
    load: async () => (await import('../../versions/versions')).listVersions,
  },
  {
    name: 'versions publish',
    does: 'Makes the draft a version, and the one that runs',
    operands: '',
    mostOperands: 0,
    flags: [{ name: 'message', short: 'm', value: 'TEXT', does: 'What changed, for people' }, ...inWorkspace],
    examples: [{ line: "millrace versions publish -m 'greet by name'", shows: 'from now on this runs' }],
    load: async () => (await import('../../versions/versions')).publishVersion,
  },
  {
    name: 'versions show',
    does: 'Shows a version with its files',
    operands: 'VERSION',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace versions show 12', shows: 'by its number' }],
    load: async () => (await import('../../versions/look')).showVersion,
  },
  {
    name: 'versions diff',
    does: 'Says what is different in another version, or in the draft',
    operands: 'VERSION [OTHER]',
    mostOperands: 2,
    flags: inWorkspace,
    examples: [
      { line: 'millrace versions diff 12', shows: 'what the draft has otherwise' },
      { line: 'millrace versions diff 11 12', shows: 'by meaning, then line by line' },
    ],
    more: ['Exit code 1 when there is a difference.'],
    load: async () => (await import('../../versions/look')).diffVersions,
  },
  {
    name: 'versions activate',
    does: 'Makes a version the one that runs; the draft stays as it is',
    operands: 'VERSION',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace versions activate 12', shows: 'at once; runs that have begun end on theirs' }],
    load: async () => (await import('../../versions/activate')).activateVersion,
  },
  {
    name: 'versions checkout',
    does: 'Makes the draft what a version is; what runs stays as it is',
    operands: 'VERSION',
    mostOperands: 1,
    flags: [
      {
        name: 'exclude',
        value: 'PATH',
        does: 'A file of the draft that stays, or with a slash at its end a folder; may be given more than once',
      },
      ...inWorkspace,
    ],
    examples: [{ line: 'millrace versions checkout 11 --exclude tests/', shows: 'to go on from there' }],
    load: async () => (await import('../../versions/look')).checkoutVersion,
  },
  {
    name: 'versions export',
    does: 'Writes a version into an archive, the same bytes each time',
    operands: 'VERSION',
    mostOperands: 1,
    flags: [...archive, ...inWorkspace],
    examples: [{ line: 'millrace versions export 12 --out hotel.zip', shows: 'to keep, or to import elsewhere' }],
    load: async () => (await import('../../versions/export')).exportVersion,
  },
];
