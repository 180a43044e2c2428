import { JEST } from '../launch/jest.mjs';
import { run } from '../launch/run.mjs';

const MODEL = 'apps/workspaces/src/specs/model.spec.ts';

/**
 * Plays sequences of edits, imports, publishes, roll-backs and crashes. `sequences`: how many; `seed`: which.
 * @returns {Promise<number>} the exit code
 */
export function simulateWorkspaces(sequences = 1_000, seed = 1) {
  const settings = { MILLRACE_MODEL_SEQUENCES: String(sequences), MILLRACE_MODEL_SEED: String(seed) };
  return run(process.execPath, [...JEST, '--coverage=false', MODEL], settings);
}
