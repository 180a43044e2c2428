import { ApiProblem } from '@millrace/client';
import type { Api, AnswerOf } from '@millrace/client';
import { dataWritten, mapIn } from '../data/read';
import { Refused } from '../refused';
import { onServer } from '../server/server';
import type { Terminal } from '../terminal/terminal';
import { harmless } from '../terminal/paint';
import { tellFailure } from '../terminal/tell';
import type { Invocation } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { operand } from '../usage/operand';
import { durationOf } from '../usage/times';
import { valueText } from '../data/value';

type Payload = AnswerOf<Api['runtime']['runAutomation']>['output'];

/** Seconds that a server holds a caller at most. */
const LONGEST = 30;
const USUAL = '25s';

/** `millrace run` without `--offline`: on the server, as it is published or, with `--draft`, as the draft has it. */
export const runOnServer = onServer(async ({ api, workspace }, invocation, terminal) => {
  const { output, notes } = terminal;
  const slug = operand(invocation, 'The automation');
  const seconds = Math.max(1, Math.min(LONGEST, Math.ceil(durationOf(invocation.value('timeout') ?? USUAL) / 1000)));
  const asked = { workspaceId: workspace(), slug, payload: await payloadOf(invocation, terminal), prefer: `wait=${seconds}` };
  const call = invocation.on('draft') ? api.runtime.testAutomation : api.runtime.runAutomation;
  const answer = await call(asked).catch((error: unknown) => {
    if (isFailure(error)) return error;
    throw error;
  });
  if (answer instanceof ApiProblem) {
    tellFailure(answer, `  run ${harmless(valueText(answer.facts['run']))}\n`, notes);
    return 1;
  }
  const { runId = '', result } = answer;
  if (formatOf(invocation) === 'json') printJson(answer, output);
  else if (result === undefined || result === '') output.write(`${harmless(valueText(answer.output ?? null, 2))}\n`);
  if (!invocation.on('quiet')) notes.write(`run     ${harmless(runId)}\n`);
  if (result === undefined || result === '') return 0;
  throw new Refused('cli.run_goes_on', 'exhausted', `The run ${runId} goes on after ${seconds} s.`, `its answer will be at ${result}.`);
});

/** Whether an automation began and failed: what the server refuses before names none. */
function isFailure(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && typeof error.facts['run'] === 'string' && typeof error.facts['automation'] === 'string';
}

/** The payload that is given, a map; what was read as JSON or YAML is JSON again. */
async function payloadOf(invocation: Invocation, terminal: Terminal): Promise<NonNullable<Payload>> {
  const written = invocation.value('data');
  const payload = written === undefined ? {} : mapIn(await dataWritten(written, terminal), 'the payload');
  return payload as unknown as NonNullable<Payload>;
}
