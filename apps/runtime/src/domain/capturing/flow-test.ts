import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import { format } from '@millrace/language';
import type { RunRecord } from '../records/run-record';
import { startOf } from './captured-start';
import { capturedSteps, type CapturedSteps } from './captured-steps';
import { expected, isRedacted, isShortened } from './captured-value';
import { flow } from './flow-style';

/** What a run began with. */
export interface CapturedBeginning {
  readonly locals: JsonMap;
  readonly session?: string;
}

/** A run as a file of flow tests with one case. */
export interface FlowTestFile {
  /** Where it belongs in the folder of a workspace. */
  readonly file: string;
  /** YAML. */
  readonly content: string;
  /** What is to be looked after by hand, a sentence each: they stand in the file as well. */
  readonly notes: readonly string[];
}

const CONTEXTS = 'What contexts held is not in the record: write what the automation reads of them under `contexts:`.';
const SECRETS = 'Some values were not to be kept: put others in the place of REDACTED.';

/**
 * The flow test that does what a run did: the same start, what came of its steps as mocks, what it told and gave as expectations. Refuses with
 * `runtime.capture_impossible` a run that was cancelled, or whose steps were not all kept.
 */
export function flowTestOf(record: RunRecord, beginning: CapturedBeginning): FlowTestFile {
  const { run, automation, outcome, omittedSteps = 0, startedAt } = record;
  if (outcome === 'cancelled') throw impossible(run, 'it was cancelled, which no test can do');
  if (omittedSteps > 0) throw impossible(run, `${omittedSteps} of its steps were not kept`);
  const captured = capturedSteps(record.steps ?? []);
  const on = startOf(record.trigger, beginning.locals);
  const isSecret = isRedacted(on) || isRedacted(captured.mocks) || isRedacted(captured.steps);
  const notes = [CONTEXTS, ...(isSecret ? [SECRETS] : []), ...captured.notes];
  const { session } = beginning;
  const lines = [
    ...notes.map((note) => `# ${note}`),
    `automation: ${flow(automation)}`,
    `clock: ${flow(new Date(startedAt).toISOString())}`,
    'cases:',
    // Chance follows the name of a case, as it follows the id of a run.
    `  - name: ${flow(run)}`,
    `    on: ${flow(on)}`,
    ...(session === undefined ? [] : [`    session: ${flow(session)}`]),
    ...listLines('    mocks', captured.mocks),
    ...listLines('    steps', captured.steps),
    ...expectLines(record, captured),
  ];
  const file = `tests/${automation.replaceAll('/', '-')}-${run.slice(-6)}.test.yaml`;
  return { file, content: format(`${lines.join('\n')}\n`), notes };
}

function expectLines({ outcome, output, error }: RunRecord, { emits }: CapturedSteps): readonly string[] {
  return [
    '    expect:',
    `      outcome: ${outcome === 'failed' ? 'failed' : 'finished'}`,
    ...(error === undefined ? [] : [`      error: ${flow(error)}`]),
    ...(output === undefined || isShortened(output) ? [] : [`      output: ${flow(expected(output))}`]),
    ...listLines('      emits', emits),
  ];
}

function listLines(key: string, items: readonly Json[]): readonly string[] {
  const indent = ' '.repeat(key.length - key.trimStart().length + 2);
  return items.length === 0 ? [] : [`${key}:`, ...items.map((item) => `${indent}- ${flow(item)}`)];
}

function impossible(run: string, why: string): DomainError {
  const message = `The run "${run}" cannot be made a test: ${why}. Capture another run of its automation.`;
  return new DomainError('runtime.capture_impossible', 'conflict', message, { facts: { run } });
}
