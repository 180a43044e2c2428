import type { Command } from '../command';
import { inWorkspace } from './flags';

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
];
