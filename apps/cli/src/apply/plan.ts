import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { onServer } from '../server/server';
import { formatOf, printJson } from '../usage/format';
import { planned } from './planned';
import type { Planned } from './planned';
import { planData, planText } from './report';
import { savedOf } from './saved';

const PROBLEMS = 1;
const DRIFT = 5;
const CHANGES = 10;

/** `millrace plan`. */
export const performPlan = onServer(async (server, invocation, { folder, output }) => {
  const found = await planned(server, invocation, folder);
  const out = invocation.value('out');
  if (out !== undefined) writeFileSync(resolve(folder, out), `${JSON.stringify(savedOf(found), undefined, 1)}\n`);
  const format = formatOf(invocation);
  if (format === 'json') printJson(planData(found), output);
  else if (format === 'yaml') output.write(stringify(planData(found)));
  else output.write(planText(found, output));
  return verdictOf(found);
});

/** The exit code that a plan comes to; 0: there is nothing to do. */
export function verdictOf({ plan, open }: Planned): number {
  if (plan.problems.some(({ severity }) => severity === 'error')) return PROBLEMS;
  if (open.length > 0) return DRIFT;
  return hasChanges(plan) ? CHANGES : 0;
}

/** Whether there is anything to write. */
export function hasChanges({ changes }: Planned['plan']): boolean {
  return changes.some(({ change }) => change !== 'extra');
}
