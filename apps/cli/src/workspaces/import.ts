import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AnswerOf, Api } from '@millrace/client';
import { kindAt, missing } from '../folder/disk';
import { Refused } from '../refused';
import { answered } from '../server/answered';
import { printOne } from '../server/print';
import { onServer, type Server } from '../server/server';
import { harmless } from '../terminal/paint';
import type { Time } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { operand } from '../usage/operand';
import { packed } from './packed';

type Job = AnswerOf<Api['jobs']['getJob']>;
type Done = NonNullable<Job['result']>;

/** Milliseconds between two looks at an import that goes on. */
const PAUSE = 1_000;

/** `millrace workspaces import`: makes a workspace of an archive or a folder, or its files those of the draft of one. */
export const importWorkspace = onServer(async (server, invocation, { folder, output, time }) => {
  const name = operand(invocation, 'The archive');
  const place = resolve(folder, name);
  const kind = kindAt(place);
  if (kind === undefined) throw missing(name);
  const archive = kind === 'folder' ? await packed(place) : readFileSync(place);
  const done = await taken(server, placeOf(invocation), archive, time);
  printOne(done, rowsOf(done), invocation, output);
  return 0;
});

function placeOf(invocation: Invocation): string {
  const into = invocation.value('into');
  const wanted = new URLSearchParams();
  for (const flag of ['name', 'slug', 'app']) {
    const value = invocation.value(flag);
    if (value !== undefined) wanted.set(flag, value);
  }
  if (invocation.on('prune')) wanted.set('prune', 'true');
  if (invocation.on('dry-run')) wanted.set('dryRun', 'true');
  return `/v1/workspaces${into === undefined ? '' : `/${encodeURIComponent(into)}`}:import?${wanted.toString()}`;
}

/** Sends an archive, and waits for what becomes of it however long that takes. */
async function taken({ client, api }: Server, path: string, archive: Uint8Array, time: Time): Promise<Done> {
  const headers = { 'content-type': 'application/octet-stream', prefer: 'wait=30' };
  const answer = await answered(client.fetch(path, { method: 'POST', headers, body: Uint8Array.from(archive) }));
  if (answer.status !== 202) return (await answer.json()) as Done;
  for (let job = (await answer.json()) as Job; ; job = await api.jobs.getJob({ jobId: job.id ?? '' })) {
    if (job.problem !== undefined) throw new Refused(job.problem.code ?? '', 'invalid', job.problem.detail ?? '', 'mend the archive.');
    if (job.result !== undefined) return job.result;
    await time.pause(PAUSE);
  }
}

function rowsOf({ workspace, applied, created, changed, removed, unchanged, report, problems, missingSecrets }: Done) {
  const counts = `${created.length} created, ${changed.length} changed, ${removed.length} removed, ${unchanged} as they were`;
  const notes = report.filter(({ file = '', outcome }) => outcome !== 'same' || file.endsWith('/'));
  const faults = problems.map(({ severity = '', file = '', line, message = '' }) => `${severity} ${file}:${line} ${message}`);
  const list = (name: string, lines: readonly string[]) => lines.map((line, at) => [at === 0 ? name : '', harmless(line)] as const);
  return [
    ['slug', workspace?.slug],
    ['id', workspace?.id],
    ['imported', applied ? 'yes' : 'no, this is what would be done'],
    ['files', counts],
    ...list(
      'report',
      notes.map(({ file = '', outcome = '', reason = '' }) => `${file} ${outcome}: ${reason}`),
    ),
    ...list('problems', faults),
    ...list(
      'secrets',
      missingSecrets.map((secret) => `${secret} has no value`),
    ),
  ] as const;
}
