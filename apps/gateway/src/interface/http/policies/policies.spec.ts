import { afterEach, describe, expect, it } from '@jest/globals';
import { WorkspacesService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { openPoliciesStage, type PoliciesStage } from '../../../../testing/policies-stage';

const { listWorkspaces, createWorkspace } = WorkspacesService.method;
const open: PoliciesStage[] = [];

async function stageWith(written = ''): Promise<PoliciesStage> {
  const stage = await openPoliciesStage(written, [
    [listWorkspaces, () => ({ workspaces: [] })],
    [createWorkspace, () => ({ workspace: { id: 'ws_1' } })],
  ]);
  open.push(stage);
  return stage;
}

afterEach(async () => {
  for (const stage of open.splice(0)) await stage[Symbol.asyncDispose]();
});

const problemOf = async (answer: Response): Promise<Record<string, unknown>> => (await answer.json()) as Record<string, unknown>;

describe('a limit', () => {
  it('is told with every answer, and what is left of it', async () => {
    const stage = await stageWith();
    const answer = await stage.call('GET', '/v1/workspaces');
    expect([answer.status, answer.headers.get('ratelimit-policy'), answer.headers.get('ratelimit')]).toEqual([
      200,
      '"read";q=600;w=60',
      '"read";r=599;t=1',
    ]);
    const refused = await fetch(`${stage.url}/v1/workspaces`);
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([401, '"read";r=599;t=1']);
    const unknown = await fetch(`${stage.url}/nothing`);
    expect([unknown.status, unknown.headers.get('ratelimit-policy')]).toEqual([404, '"page";q=600;w=60']);
  });

  it('refuses what is beyond it, and says when to come back', async () => {
    const stage = await stageWith('limits: { read: 2/min }');
    const statuses = [await stage.call('GET', '/v1/workspaces'), await stage.call('GET', '/v1/workspaces')].map(({ status }) => status);
    expect(statuses).toEqual([200, 200]);
    const refused = await stage.call('GET', '/v1/workspaces');
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit')]).toEqual([429, '30', '"read";r=0;t=60']);
    expect(await problemOf(refused)).toMatchObject({
      code: 'gateway.rate_limited',
      detail: 'Too many requests from you: "read" allows 2 in 60 s. Try again in 30 s.',
      facts: { limit: 'read', allowed: 2, seconds: 60, retryAfter: 30 },
    });
    expect((await stage.call('POST', '/v1/workspaces', { name: 'A' })).status).toBe(201);
  });

  it('counts nobody known by the address, whatever a header says of it', async () => {
    const stage = await stageWith('limits: { page: 1/min }');
    const from = (address: string): Promise<Response> =>
      fetch(`${stage.url}/nothing`, { headers: { 'x-forwarded-for': address, forwarded: `for=${address}` } });
    expect([(await from('203.0.113.1')).status, (await from('203.0.113.2')).status]).toEqual([404, 429]);
  });

  it('counts by the address that a trusted proxy names', async () => {
    const stage = await stageWith('{ trustedProxies: [127.0.0.1], limits: { page: 1/min } }');
    const from = (forwarded: string): Promise<Response> => fetch(`${stage.url}/nothing`, { headers: { 'x-forwarded-for': forwarded } });
    const answers = [
      await from('203.0.113.1'),
      await from('203.0.113.2'),
      await from('198.51.100.7, 203.0.113.1'),
      await from('nonsense'),
      await from('more'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 429, 404, 429]);
  });

  it('can be of one route only', async () => {
    const stage = await stageWith('routes: [{ match: { path: /v1/workspaces, method: get }, limit: 1/min }]');
    expect([(await stage.call('GET', '/v1/workspaces')).status, (await stage.call('GET', '/v1/workspaces')).status]).toEqual([200, 429]);
    expect((await stage.call('POST', '/v1/workspaces', { name: 'A' })).headers.get('ratelimit-policy')).toBe('"write";q=300;w=60');
  });
});

describe('what operators say of requests', () => {
  it('keeps addresses and paths out', async () => {
    const stage = await stageWith('blacklist: { addresses: [127.0.0.0/8] }');
    const denied = await fetch(`${stage.url}/v1/workspaces`);
    expect([denied.status, (await problemOf(denied))['code']]).toEqual([403, 'gateway.address_denied']);
    const other = await stageWith('blacklist: { paths: [/v1/workspaces/**] }');
    expect([(await other.call('GET', '/v1/workspaces/x')).status, (await other.call('GET', '/v1/workspaces')).status]).toEqual([404, 200]);
  });

  it('closes a workspace for a while, with their text, however its name is written', async () => {
    const stage = await stageWith('maintenance: { lac: Back at noon. }');
    for (const path of ['/v1/workspaces/lac/automations', '/v1/workspaces/l%61c/automations', '/e/lac/hook']) {
      const answer = await stage.call('GET', path);
      expect([answer.status, answer.headers.get('retry-after'), (await problemOf(answer))['detail']]).toEqual([503, '60', 'Back at noon.']);
    }
    expect((await stage.call('GET', '/v1/workspaces')).status).toBe(200);
  });

  it('turns routes off, and says how large a body may be there', async () => {
    const stage = await stageWith(
      'routes: [{ match: { path: /v1/me }, off: true }, { match: { path: /v1/workspaces, method: POST }, body: 10B }]',
    );
    expect((await stage.call('GET', '/v1/me')).status).toBe(404);
    expect((await stage.call('POST', '/v1/workspaces', { name: 'A name that is long' })).status).toBe(413);
  });

  it('adds headers to every answer', async () => {
    const stage = await stageWith('headers: { X-Frame-Options: DENY }');
    expect((await fetch(`${stage.url}/nothing`)).headers.get('x-frame-options')).toBe('DENY');
  });

  it('changes while the gateway runs', async () => {
    const stage = await stageWith('limits: { read: 1/min }');
    expect([(await stage.call('GET', '/v1/workspaces')).status, (await stage.call('GET', '/v1/workspaces')).status]).toEqual([200, 429]);
    stage.change('limits: { read: 100/min }');
    expect((await stage.call('GET', '/v1/workspaces')).status).toBe(200);
  });
});

describe('under overload', () => {
  it('the first to be refused are told so at once, and the others served', async () => {
    const stage = await stageWith();
    stage.press(260);
    const refused = await stage.call('GET', '/v1/workspaces');
    expect([refused.status, refused.headers.get('retry-after'), (await problemOf(refused))['code']]).toEqual([
      503,
      '2',
      'gateway.overloaded',
    ]);
    expect((await stage.call('POST', '/v1/workspaces', { name: 'A' })).status).toBe(201);
    stage.press(10_000);
    expect((await stage.call('POST', '/v1/workspaces', { name: 'A' })).status).toBe(503);
    stage.press(0);
    expect((await stage.call('GET', '/v1/workspaces')).status).toBe(200);
  });
});

describe('the services behind the door', () => {
  it('are asked a second time for what changes nothing', async () => {
    let asked = 0;
    const stage = await openPoliciesStage('', [
      [
        listWorkspaces,
        () => {
          asked += 1;
          if (asked === 1) throw new DomainError('wire.disconnected', 'unavailable', 'Lost.');
          return { workspaces: [] };
        },
      ],
    ]);
    open.push(stage);
    expect([(await stage.call('GET', '/v1/workspaces')).status, asked]).toEqual([200, 2]);
    expect((await stage.call('POST', '/v1/workspaces', { name: 'A' })).status).toBe(503);
  });

  it('are given as long as the operators say, and the caller is told when that was not enough', async () => {
    let deadline = 0;
    const stage = await openPoliciesStage('timeouts: { read: 300ms }', [
      [
        listWorkspaces,
        async (_request, context) => {
          deadline = context.deadline - Date.now();
          await new Promise<void>((resolve) => context.signal?.addEventListener('abort', () => resolve()));
          return {};
        },
      ],
    ]);
    open.push(stage);
    const answer = await stage.call('GET', '/v1/workspaces');
    expect([answer.status, (await problemOf(answer))['code']]).toEqual([504, 'wire.timeout']);
    expect(deadline).toBeLessThanOrEqual(300);
  });

  it('are left in peace when they do not answer', async () => {
    const stage = await stageWith();
    for (let nth = 0; nth < 20; nth++) await stage.call('GET', '/v1/workspaces/ws_1/automations/x');
    const answer = await stage.call('POST', '/v1/workspaces', { name: 'A' });
    expect([answer.status, (await problemOf(answer))['code']]).toEqual([503, 'gateway.service_resting']);
  });
});
