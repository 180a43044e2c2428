import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUILT_IN_ROLES, Permission, PLATFORM_ROLES, type Rule } from '@millrace/auth';
import { startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { OwnIssuer } from '../security/own-issuer';
import { outcomesOf, readMatrix, rowOf, writeMatrix, type Matrix } from './matrix';
import { Cast, PRINCIPALS, type PrincipalName } from './principals';
import type { Routed } from './requests';
import { ROUTES } from './routes';

/** Who is refused is told so, or that nothing is there; nothing else. */
const REFUSAL = /^(?:401 |403 |404 workspaces\.not_found)/;

/** The rules of those who call, where they call. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  ...BUILT_IN_ROLES,
  ...PLATFORM_ROLES,
  everyone: [{ allow: ['read'], on: ['schedules'] }],
};

/** Where more than the route's rule decides, and what: these are read by hand alone. */
const DECIDED_OTHERWISE: Readonly<Record<string, string>> = {
  'DELETE /v1/workspaces/{workspace_id}/topics/{topic}/members/{user}': 'who may join takes out only themselves',
  'GET /v1/workspaces/{workspace_id}/approvals': 'who is asked sees it',
  'POST /v1/workspaces/{workspace_id}/approvals/{approval_id}:answer': 'who is asked answers it',
  'GET /v1/workspaces/{workspace_id}/events': 'who has anything in a workspace reads what they sent and what is meant for them',
  'GET /v1/workspaces/{workspace_id}/events/{event_id}': 'as above',
  'GET /v1/workspaces/{workspace_id}/events/{event_id}/lineage': 'as above',
  'GET /v1/workspaces/{workspace_id}/events/{event_id}/explanation': 'as above, of those who may read runs',
  'GET /v1/workspaces/{workspace_id}/events:poll': 'as above',
  'GET /v1/workspaces/{workspace_id}/events:stream': 'as above',
  'POST /v1/workspaces/{workspace_id}/events:search': 'as above',
  'POST /v1/workspaces/{workspace_id}/topics/{topic}/members': 'who may join brings in only themselves',
  'PUT /v1/workspaces/{workspace_id}/suspension': 'the operators of the platform may everywhere',
};

/** Asked of a workspace that was deleted, for others have nothing to come back from. */
const RESTORES = 'POST /v1/workspaces/{workspace_id}:restore';

const expected = readMatrix();
const writing = process.env['MILLRACE_MATRIX'] === 'write';
const folder = temporaryFolder();
let issuer: OwnIssuer;
let millrace: StandaloneProcess;
let cast: Cast;

beforeAll(async () => {
  issuer = await OwnIssuer.start();
  millrace = await startStandaloneProcess({ folder: folder.path, password: 'a-password-for-tests', environment: issuer.environment });
  cast = new Cast(millrace.url, issuer);
  await cast.assemble();
});

afterAll(async () => {
  await millrace.stop();
  await issuer.stop();
  folder[Symbol.dispose]();
});

async function outcome(routed: Routed, principal: PrincipalName, workspaceId: string): Promise<string> {
  const [path, init] = routed.asked(workspaceId, principal);
  const ask = (): Promise<Response> =>
    fetch(millrace.url + path, { ...init, headers: { ...init.headers, ...cast.headers(principal, path) } });
  // A connection that was long unused may close just as it is used again, on a busy machine.
  const response = await ask().catch(ask);
  if (!response.ok) return `${response.status} ${String(((await response.json()) as { code?: unknown }).code)}`;
  // Some answers never end.
  await response.body?.cancel();
  return String(response.status);
}

/**
 * Those who only read are answered at the same time; the others one after the other, so that none meets what another just does, and who
 * exports: of these there are never more than two.
 */
async function outcomes(routed: Routed): Promise<Matrix[string]> {
  const found = new Map<PrincipalName, Promise<string>>();
  for (const principal of PRINCIPALS) {
    const answer = outcome(routed, principal, placeOf(routed, principal));
    found.set(principal, answer);
    if (!routed.name.startsWith('GET ') || routed.name.endsWith(':export')) await answer;
  }
  return rowOf(new Map(await Promise.all([...found].map(async ([principal, answer]) => [principal, await answer] as const))));
}

function placeOf({ name }: Routed, principal: PrincipalName): string {
  if (name === RESTORES) return cast.deleted;
  return principal === 'everyone' ? cast.open : cast.workspace;
}

/** Whether the rules of a principal allow what the route asks for; undefined: rules do not decide it. */
function allowed({ name, rule }: Routed, principal: string): boolean | undefined {
  // What is of no workspace is for the roles of the platform alone.
  const rules = isOfWorkspace(name) || RULES[principal] === undefined ? RULES[principal] : (PLATFORM_ROLES[principal] ?? []);
  if (rule === undefined || rules === undefined || Object.hasOwn(DECIDED_OTHERWISE, name)) return undefined;
  const standing = { principal: { kind: 'user', id: principal, roles: [] }, workspaceId: 'ws_1', now: 0, rules } as const;
  return Permission.of(standing, rule.action, rule.subject).query !== false;
}

function isOfWorkspace(name: string): boolean {
  return name.includes('{workspace_id}');
}

describe('the matrix of routes and principals', () => {
  it('has a row for every route, and none for what is no route', () => {
    if (writing) return;
    expect(Object.keys(expected).sort()).toEqual(ROUTES.map(({ name }) => name));
  });

  it('says of each route what each principal is answered', async () => {
    const found: Record<string, Matrix[string]> = {};
    for (const routed of ROUTES) found[routed.name] = await outcomes(routed);
    if (writing) writeMatrix(found);
    else expect(found).toEqual(expected);
  }, 120_000);

  it.each(ROUTES.map((routed) => [routed.name, routed] as const))('%s agrees with the rules of the roles', (name, routed) => {
    for (const [principal, answer] of outcomesOf((writing ? {} : expected)[name] ?? {})) {
      const may = allowed(routed, principal);
      const isRefused = REFUSAL.test(answer);
      if (may === false) expect([principal, answer, isRefused]).toEqual([principal, answer, true]);
      if (may === true) expect([principal, answer, isRefused]).toEqual([principal, answer, false]);
      if (principal === 'expired') expect(answer).toMatch(/^401 |^200$/);
    }
  });

  it.each(ROUTES.filter(({ name }) => isOfWorkspace(name)).map((routed) => [routed.name, routed] as const))(
    '%s tells nobody of the workspace of others',
    async (name, routed) => {
      const told = outcomesOf(expected[name] ?? {}).get('stranger');
      for (const principal of ['viewer', 'operator', 'editor', 'owner', 'everyone'] as const) {
        if (!writing) expect([principal, await outcome(routed, principal, cast.foreign)]).toEqual([principal, told]);
      }
      expect(await outcome(routed, 'key', cast.foreign)).toMatch(/^40[134] /);
    },
  );
});
