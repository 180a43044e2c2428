import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { RunningServices, type RunningService } from '../ports/running-services';
import { ReadServices } from './read-services';

const running = (id: string, service: string, startedAt: number): RunningService => ({
  ...{ id, service, startedAt, host: 'a', version: '1.0.0', ready: true, dependencies: [] },
});

class Known extends RunningServices {
  override all = () =>
    Promise.resolve([
      running('ins_4', 'runtime', 2),
      running('ins_3', 'runtime', 1),
      running('ins_2', 'runtime', 1),
      running('ins_1', 'gateway', 3),
    ]);
}

describe('the services of the platform', () => {
  const read = new ReadServices(new Known());
  const olga: Principal = { kind: 'user', id: 'olga', roles: ['person', 'platform-operator'] };
  const list = (principal: Principal) => read.list({ principal, correlationId: 'req-1', deadline: 0 });
  const ids = async (principal: Principal) => (await list(principal)).map(({ id }) => id);

  it('are shown to operators by name, the longest running first', async () => {
    expect(await ids(olga)).toEqual(['ins_1', 'ins_2', 'ins_3', 'ins_4']);
    expect(await ids({ ...olga, roles: ['platform-admin'], scopes: ['read:sites'] })).toHaveLength(4);
  });

  it('are no concern of anybody else, nor of a credential that is for less', async () => {
    const others: readonly Principal[] = [
      { ...olga, roles: ['platform-auditor'] },
      { ...olga, kind: 'key' },
      { ...olga, workspaces: [] },
    ];
    for (const who of others) await expect(list(who)).rejects.toMatchObject({ code: 'services.read_denied', refusal: 'forbidden' });
    await expect(list({ ...olga, scopes: ['read:log'] })).rejects.toMatchObject({ code: 'auth.scope_missing' });
  });
});
