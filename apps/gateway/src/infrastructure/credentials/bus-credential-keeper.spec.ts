import type { MessageInitShape } from '@bufbuild/protobuf';
import { Credential } from '@millrace/auth';
import { CredentialsService, subjectOf, type ResolveCredentialRequest } from '@millrace/contracts';
import { Bus, BusServer, LocalHub, Passports, type CallContext } from '@millrace/messaging';
import type { Principal } from '@millrace/kernel';
import { SystemClock, SystemIds } from '@millrace/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../../testing/lines';
import type { Kept } from '../../application/ports/credential-keeper';
import { BusCredentialKeeper } from './bus-credential-keeper';

const { resolveCredential } = CredentialsService.method;
const TEXT = Credential.write('key', 'key_01j0zf3v8m4k7q2w9x5y6tbcde', new Uint8Array(32));

class OpenPassports extends Passports {
  override async sign(principal: Principal): Promise<string> {
    return JSON.stringify(principal);
  }

  override async verify(token = ''): Promise<Principal> {
    return JSON.parse(token) as Principal;
  }
}

describe('what the keeper of keys and tokens says', () => {
  const clock = new SystemClock();
  const asked: { request: ResolveCredentialRequest; principal: Principal }[] = [];
  let server: BusServer;
  let hub: LocalHub;
  let answer: MessageInitShape<typeof resolveCredential.output>;

  beforeEach(async () => {
    hub = new LocalHub();
    asked.length = 0;
    const passports = new OpenPassports();
    server = new BusServer({ wire: hub.connect(), passports, clock, log: new Lines() });
    const handle = async (request: ResolveCredentialRequest, { principal }: CallContext) => {
      asked.push({ request, principal });
      return answer;
    };
    server.addHandler(subjectOf(resolveCredential), handle as never, false, { method: resolveCredential });
    await new Promise<void>((resolve) => server.listen(() => resolve()));
  });

  afterEach(() => server.close());

  const resolve = (said: typeof answer): Promise<Kept> => {
    answer = said;
    const credential = Credential.read(TEXT);
    if (credential === undefined) throw new Error('The text of this spec is no credential.');
    return new BusCredentialKeeper(new Bus(hub.connect(), new OpenPassports(), clock), clock, new SystemIds(clock)).resolve(credential);
  };

  it('is asked for by id and digest, never with the text', async () => {
    const kept = await resolve({ workspaceId: 'ws_1', name: 'ci', expiresAt: 5_000n });
    expect(kept).toMatchObject({
      principal: { kind: 'key', id: 'key_01j0zf3v8m4k7q2w9x5y6tbcde', name: 'ci', roles: [], workspace: 'ws_1' },
      issuedAt: 0,
      expiresAt: 5_000,
    });
    expect(asked).toMatchObject([{ principal: { kind: 'service', id: 'gateway' }, request: { digest: Credential.read(TEXT)?.digest } }]);
    expect(JSON.stringify(asked)).not.toContain(TEXT.slice(31));
  });

  it('is a person without the platform’s roles, narrowed', async () => {
    const { principal } = await resolve({ userId: 'ada', scopes: ['read:*'], workspaces: ['ws_1'] });
    expect(principal).toEqual({
      kind: 'user',
      id: 'ada',
      roles: ['person'],
      session: 'key_01j0zf3v8m4k7q2w9x5y6tbcde',
      scopes: ['read:*'],
      workspaces: ['ws_1'],
    });
    expect((await resolve({ userId: 'ada', scopes: [] })).principal).toMatchObject({ scopes: [] });
    expect((await resolve({ userId: 'ada', scopes: ['read:*'] })).principal).not.toHaveProperty('workspaces');
  });

  it('may be for some networks only', async () => {
    const open = await resolve({ workspaceId: 'ws_1' });
    expect([undefined, '10.0.0.1', '::1'].map((address) => open.allows(address))).toEqual([true, true, true]);
    const narrow = await resolve({ workspaceId: 'ws_1', addresses: ['10.1.0.0/16', '2001:db8::/32', '192.0.2.7/32'] });
    const tried = ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8:1::1', '192.0.2.7', '10.2.0.1', '192.0.2.8', '2001:db9::1', '::1', undefined];
    expect(tried.map((address) => narrow.allows(address))).toEqual([true, true, true, true, false, false, false, false, false]);
  });
});
