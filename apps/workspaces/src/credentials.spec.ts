import { hash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CredentialsService, KeysService, RightsService, TokensService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal, type Principal } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from './index';

const keys = KeysService.method;
const tokens = TokensService.method;
const { createWorkspace, deleteWorkspace, getGrants, listWorkspaces } = WorkspacesService.method;
const { putRole } = RightsService.method;
const { resolveCredential } = CredentialsService.method;
const DAY = 86_400_000;

type Wish = Omit<MessageInitShape<typeof keys.createKey.input>, '$typeName' | 'workspaceId'>;

describe('the keys and tokens of the workspaces service', () => {
  let bench: ServiceBench;
  let count = 0;
  const ada = person('ada');
  const bob = person('bob');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const workspaceOf = async (owner: Principal = ada): Promise<string> => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Place ${count}`, slug: `place-${count}` }, bench.as(owner));
    return workspace?.id ?? '';
  };

  const create = async (workspaceId: string, wish: Wish = {}, as: Principal = ada) => {
    const rights = wish.rules === undefined && wish.role === undefined ? { role: 'owner' } : {};
    const { key, secret } = await bench.bus.call(keys.createKey, { workspaceId, name: 'ci', ...rights, ...wish }, bench.as(as));
    return {
      id: key?.id ?? '',
      key,
      secret,
      is: { kind: 'key', id: key?.id ?? '', roles: [], workspace: workspaceId } satisfies Principal,
    };
  };

  const idOf = (secret: string): string => secret.replace('mrk_', 'key_').replace('mrp_', 'tok_').slice(0, 30);
  const digestOf = (secret: string): string => hash('sha256', secret, 'base64url');
  const resolve = (secret: string, as: Principal = servicePrincipal('workspaces')) =>
    bench.services[0]?.parts.bus.call(resolveCredential, { id: idOf(secret), digest: digestOf(secret) }, bench.as(as));
  const may = async (workspaceId: string, as: Principal): Promise<string[]> => {
    const { grants } = await bench.bus.call(getGrants, { workspaceId }, bench.as(as));
    return grants.flatMap(({ actions, subjects, deny }) => subjects.map((on) => `${deny ? '!' : ''}${actions.join('+')} ${on}`)).sort();
  };

  const onLog = async (workspaceId: string): Promise<LoggedEvent[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    return Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: false }));
  };

  const heard = async (workspaceId: string, type: string, id: string): Promise<LoggedEvent> => {
    const signal = AbortSignal.timeout(10_000);
    for await (const event of bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: true, signal })) {
      if (event.type === type && Buffer.from(event.payload).toString('utf8').includes(id)) return event;
    }
    throw new Error(`Nobody told of ${type} of ${id}.`);
  };

  const revoke = (workspaceId: string, keyId: string, as: Principal = ada) =>
    bench.bus.call(keys.revokeKey, { workspaceId, keyId }, bench.as(as));

  describe('a key', () => {
    it('is shown once with its secret, and stands for itself in its workspace', async () => {
      const workspaceId = await workspaceOf();
      const { id, key, secret } = await create(workspaceId, { role: 'viewer' });
      expect(secret).toMatch(/^mrk_[0-9a-z]{26}_[0-9a-z]{57}$/);
      expect(key).toMatchObject({ id, name: 'ci', role: 'viewer', makerKind: 'user', makerId: 'ada', etag: '1', lastUsedOn: '' });
      expect(secret.startsWith(key?.prefix ?? 'x')).toBe(true);
      expect(await resolve(secret)).toMatchObject({ userId: '', workspaceId, name: 'ci', addresses: [] });
      const { items } = await bench.bus.call(keys.listKeys, { workspaceId }, bench.as(ada));
      expect(items).toMatchObject([{ id, lastUsedOn: new Date(bench.platform.clock.now()).toISOString().slice(0, 10) }]);
      expect(JSON.stringify(items, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
        digestOf(secret),
      );
    });

    it('ends in 90 days, when it was said, and at the latest in a year', async () => {
      const workspaceId = await workspaceOf();
      const now = bench.platform.clock.now();
      const { key } = await create(workspaceId);
      expect(Math.round((timestampMs(key?.expiresAt ?? timestampFromMs(0)) - now) / DAY)).toBe(90);
      for (const at of [now - 1, now + 367 * DAY]) {
        await expect(create(workspaceId, { expiresAt: timestampFromMs(at) })).rejects.toMatchObject({ code: 'credentials.end_invalid' });
      }
    });

    it('is told of without its secret', async () => {
      const workspaceId = await workspaceOf();
      const { id, secret } = await create(workspaceId);
      const { secret: next } = await bench.bus.call(keys.rotateKey, { workspaceId, keyId: id, overlap: 60 }, bench.as(ada));
      await revoke(workspaceId, id);
      const events = await onLog(workspaceId);
      expect(events.map(({ type }) => type)).toEqual([
        'workspaces.created',
        'workspaces.keys.created',
        'workspaces.keys.rotated',
        'workspaces.keys.revoked',
      ]);
      const said = events.map(({ payload }) => Buffer.from(payload).toString('utf8')).join('\n');
      expect(said).toContain(id);
      for (const text of [secret, next, secret.slice(31), digestOf(secret), digestOf(next)]) expect(said).not.toContain(text);
    });

    it('is proved by nothing but the text: neither another secret nor the digest that is kept', async () => {
      const workspaceId = await workspaceOf();
      const { secret } = await create(workspaceId);
      const other = (await create(workspaceId)).secret;
      const unknown = { code: 'auth.credential_unknown', refusal: 'unauthenticated' };
      const { bus } = bench.services[0]?.parts ?? bench;
      const ask = (id: string, digest: string) => bus.call(resolveCredential, { id, digest }, bench.as(servicePrincipal('workspaces')));
      await expect(ask(idOf(secret), digestOf(other))).rejects.toMatchObject(unknown);
      await expect(ask(idOf(secret), digestOf(digestOf(secret)))).rejects.toMatchObject(unknown);
      await expect(ask('key_00000000000000000000000000', digestOf(secret))).rejects.toMatchObject(unknown);
      await expect(ask('tok_00000000000000000000000000', digestOf(secret))).rejects.toMatchObject(unknown);
    });

    it('is resolved for services alone', async () => {
      const { secret } = await create(await workspaceOf());
      await expect(bench.bus.call(resolveCredential, { id: idOf(secret), digest: digestOf(secret) }, bench.as(ada))).rejects.toMatchObject({
        code: 'credentials.resolve_denied',
      });
    });

    it('is gone when it is revoked, and cannot be revoked twice', async () => {
      const workspaceId = await workspaceOf();
      const { id, secret, is } = await create(workspaceId);
      await revoke(workspaceId, id);
      await expect(resolve(secret)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
      await expect(may(workspaceId, is)).rejects.toMatchObject({ code: 'workspaces.not_found' });
      await expect(revoke(workspaceId, id)).rejects.toMatchObject({ code: 'keys.not_found', refusal: 'not-found' });
    });

    it('is of its workspace alone', async () => {
      const [here, there] = [await workspaceOf(), await workspaceOf()];
      const { id, is } = await create(here);
      await expect(revoke(there, id)).rejects.toMatchObject({ code: 'keys.not_found' });
      await expect(may(there, is)).rejects.toMatchObject({ code: 'workspaces.not_found' });
      await expect(may(there, { ...is, workspace: there })).rejects.toMatchObject({ code: 'workspaces.not_found' });
    });

    it('goes with its workspace', async () => {
      const workspaceId = await workspaceOf();
      const { id, secret } = await create(workspaceId);
      await bench.bus.call(deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
      await expect(resolve(secret)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
      await heard(workspaceId, 'workspaces.keys.revoked', id);
    });

    it('is listed, the newest first, page by page', async () => {
      const workspaceId = await workspaceOf();
      const made: string[] = [];
      for (let count = 0; count < 3; count += 1) made.unshift((await create(workspaceId)).id);
      const first = await bench.bus.call(keys.listKeys, { workspaceId, limit: 2 }, bench.as(ada));
      const second = await bench.bus.call(keys.listKeys, { workspaceId, limit: 2, cursor: first.nextCursor }, bench.as(ada));
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made);
      expect(second.nextCursor).toBe('');
    });

    it('is one of a hundred', async () => {
      const workspaceId = await workspaceOf();
      const made = await Promise.allSettled(Array.from({ length: 104 }, () => create(workspaceId)));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
      await expect(create(workspaceId)).rejects.toMatchObject({ code: 'keys.too_many', refusal: 'exhausted' });
      const [first] = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []));
      await revoke(workspaceId, first ?? '');
      await create(workspaceId);
    });
  });

  describe('a rotated key', () => {
    it('is proved by both secrets while they overlap, and by no third one', async () => {
      const workspaceId = await workspaceOf();
      const { id, secret: first } = await create(workspaceId);
      const rotate = (overlap?: number) =>
        bench.bus.call(keys.rotateKey, { workspaceId, keyId: id, ...(overlap === undefined ? {} : { overlap }) }, bench.as(ada));
      const { secret: second, key } = await rotate();
      expect(await resolve(second)).toMatchObject({ workspaceId });
      const until = Number((await resolve(first))?.expiresAt);
      expect(until).toBe(timestampMs(key?.overlapEndsAt ?? timestampFromMs(0)));
      expect(Math.round((until - bench.platform.clock.now()) / 60_000)).toBe(24 * 60);
      const { secret: third } = await rotate(60);
      await expect(resolve(first)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
      for (const secret of [second, third]) expect(await resolve(secret)).toMatchObject({ workspaceId });
    });

    it('may leave its old secret behind at once', async () => {
      const workspaceId = await workspaceOf();
      const { id, secret } = await create(workspaceId);
      const { key, secret: next } = await bench.bus.call(keys.rotateKey, { workspaceId, keyId: id, overlap: 0 }, bench.as(ada));
      expect(key?.overlapEndsAt).toBeUndefined();
      await expect(resolve(secret)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
      expect(await resolve(next)).toMatchObject({ workspaceId });
    });
  });

  describe('what a key may do', () => {
    it('is what its rules say, and what they deny', async () => {
      const workspaceId = await workspaceOf();
      const rules = [
        { allow: ['read', 'create'], on: ['events'] },
        { deny: ['erase'], on: ['events'], reason: 'never' },
      ];
      const { is } = await create(workspaceId, { rules });
      expect(await may(workspaceId, is)).toEqual(['!erase events', 'read+create events']);
    });

    it.each([
      ['a role that is not there', { role: 'king' }, 'keys.role_unknown'],
      ['a role and rules', { role: 'viewer', rules: [{ allow: ['read'], on: ['events'] }] }, 'keys.rights_unclear'],
      ['nothing', { role: '', rules: [] }, 'keys.rights_unclear'],
      ['a rule that both allows and denies', { rules: [{ allow: ['read'], deny: ['read'], on: ['events'] }] }, 'api.invalid'],
      ['an action that is none', { rules: [{ allow: ['fly'], on: ['events'] }] }, 'keys.rules_invalid'],
      ['a subject that is none', { rules: [{ allow: ['read'], on: ['kites'] }] }, 'keys.rules_invalid'],
      ['a filter that cannot be read', { rules: [{ allow: ['read'], on: ['events'], where: 'a = 1) or (b = 2' }] }, 'keys.rules_invalid'],
      [
        'another workspace',
        { rules: [{ allow: ['read'], on: ['events'], where: "subject = 'ws_00000000000000000000000001'" }] },
        'keys.rules_invalid',
      ],
    ])('cannot be %s', async (_, wish, code) => {
      await expect(create(await workspaceOf(), wish)).rejects.toMatchObject({ code, refusal: 'invalid' });
    });

    it('changes at once when it is changed, under If-Match', async () => {
      const workspaceId = await workspaceOf();
      const { id, is } = await create(workspaceId, { role: 'owner' });
      const update = (changes: object, ifMatch = '*') =>
        bench.bus.call(keys.updateKey, { workspaceId, keyId: id, ifMatch, ...changes }, bench.as(ada));
      await expect(update({ name: 'x' }, '')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
      await expect(update({ name: 'x' }, '"7"')).rejects.toMatchObject({
        ...{ code: 'workspaces.precondition_failed', refusal: 'conflict' },
        facts: { etag: '1', updatedBy: ada.id, updatedAt: expect.any(Number) },
      });
      const { key } = await update({
        name: 'deploys',
        rights: { rules: [{ allow: ['read'], on: ['runs'] }] },
        addresses: { networks: ['10.0.0.0/8'] },
      });
      expect(key).toMatchObject({ name: 'deploys', role: '', rules: [{ allow: ['read'], on: ['runs'] }], addresses: ['10.0.0.0/8'] });
      expect(await may(workspaceId, is)).toEqual(['read runs']);
      await update({ name: 'deploys' });
      const changes = (await onLog(workspaceId)).filter(({ type }) => type === 'workspaces.keys.changed');
      expect(changes.map(({ payload }) => JSON.parse(Buffer.from(payload).toString('utf8')) as unknown)).toEqual([
        { key: id, name: 'deploys', changed: ['name', 'rights', 'addresses'] },
      ]);
    });
  });

  describe('nobody gives more than they have:', () => {
    const few = [
      { allow: ['manage'], on: ['keys'] },
      { allow: ['read'], on: ['events'] },
    ];

    it('a key makes keys with no more than its own rights, and they go when it goes', async () => {
      const workspaceId = await workspaceOf();
      const parent = await create(workspaceId, { rules: few });
      const more = { code: 'keys.more_than_yours', refusal: 'forbidden' };
      for (const wish of [
        { role: 'owner' },
        { role: 'viewer' },
        { rules: [{ allow: ['erase'], on: ['events'] }] },
        { rules: [{ allow: ['manage'], on: ['events'] }] },
      ]) {
        await expect(create(workspaceId, wish, parent.is)).rejects.toMatchObject(more);
      }
      const child = await create(workspaceId, { rules: few }, parent.is);
      const grandchild = await create(workspaceId, { rules: [{ allow: ['read'], on: ['events'] }] }, child.is);
      expect(await may(workspaceId, grandchild.is)).toEqual(['read events']);
      await bench.bus.call(
        keys.updateKey,
        { workspaceId, keyId: parent.id, rights: { rules: few.slice(0, 1) }, ifMatch: '*' },
        bench.as(ada),
      );
      expect(await may(workspaceId, child.is)).toEqual(['manage keys']);
      await expect(may(workspaceId, grandchild.is)).rejects.toMatchObject({ code: 'workspaces.not_found' });
      await revoke(workspaceId, parent.id);
      for (const { secret } of [child, grandchild])
        await expect(resolve(secret)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
      for (const { id } of [child, grandchild]) await heard(workspaceId, 'workspaces.keys.revoked', id);
    });

    it('keys follow from keys no more than three times', async () => {
      const workspaceId = await workspaceOf();
      let maker: Principal = ada;
      for (let generation = 0; generation < 3; generation += 1) maker = (await create(workspaceId, { rules: few }, maker)).is;
      await expect(create(workspaceId, { rules: few }, maker)).rejects.toMatchObject({ code: 'keys.chain_too_long' });
    });

    it('a key does not give itself or others more by changing them', async () => {
      const workspaceId = await workspaceOf();
      const { id, is } = await create(workspaceId, { rules: few });
      const change = { workspaceId, keyId: id, rights: { role: 'owner' }, ifMatch: '*' };
      await expect(bench.bus.call(keys.updateKey, change, bench.as(is))).rejects.toMatchObject({ code: 'keys.more_than_yours' });
    });

    it('a key does not get hold of a mightier one by rotating it, but may rotate itself', async () => {
      const workspaceId = await workspaceOf();
      const mighty = await create(workspaceId, { role: 'owner' });
      const { id, is } = await create(workspaceId, { rules: few });
      const rotate = (keyId: string) => bench.bus.call(keys.rotateKey, { workspaceId, keyId }, bench.as(is));
      await expect(rotate(mighty.id)).rejects.toMatchObject({ code: 'keys.more_than_yours' });
      expect((await rotate(id)).secret).toMatch(/^mrk_/);
    });

    it('a token makes keys within its scopes only', async () => {
      const workspaceId = await workspaceOf();
      const holder: Principal = { ...ada, scopes: ['manage:keys', 'read:events'] };
      await expect(create(workspaceId, { role: 'viewer' }, holder)).rejects.toMatchObject({ code: 'keys.more_than_yours' });
      await create(workspaceId, { rules: [{ allow: ['read'], on: ['events'] }] }, holder);
      await expect(create(workspaceId, { role: 'viewer' }, { ...ada, scopes: ['read:events'] })).rejects.toMatchObject({
        refusal: 'forbidden',
      });
    });

    it('an automation makes no keys, whatever everybody may', async () => {
      const workspaceId = await workspaceOf();
      const automation: Principal = { kind: 'automation', id: 'hello', roles: [], workspace: workspaceId, onBehalfOf: 'ada' };
      await expect(create(workspaceId, {}, automation)).rejects.toMatchObject({ refusal: 'not-found' });
      const rules = few.map(({ allow, on }) => ({ allow, on }));
      await bench.bus.call(putRole, { workspaceId, role: 'everyone', rules, ifNoneMatch: '*' }, bench.as(ada));
      await expect(create(workspaceId, { rules: few }, automation)).rejects.toMatchObject({
        code: 'keys.maker_unfit',
        refusal: 'forbidden',
      });
    });

    it('who may not manage keys neither sees nor makes any', async () => {
      const workspaceId = await workspaceOf();
      const viewer = await create(workspaceId, { role: 'viewer' });
      const denied = { code: 'keys.manage_denied', refusal: 'forbidden' };
      await expect(create(workspaceId, { role: 'viewer' }, viewer.is)).rejects.toMatchObject(denied);
      await expect(bench.bus.call(keys.listKeys, { workspaceId }, bench.as(viewer.is))).rejects.toMatchObject(denied);
      await expect(bench.bus.call(keys.listKeys, { workspaceId }, bench.as(bob))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    });

    it('no token makes tokens, and no key does', async () => {
      const wish = { name: 't', scopes: ['*:*'] };
      const refused = { code: 'tokens.sign_in_needed', refusal: 'forbidden' };
      for (const as of [{ ...ada, scopes: ['*:*'] }, (await create(await workspaceOf())).is, { ...ada, scopes: [] }]) {
        await expect(bench.bus.call(tokens.createToken, wish, bench.as(as))).rejects.toMatchObject(refused);
      }
    });
  });

  describe('a personal token', () => {
    const make = (wish: object = {}, as: Principal = ada) =>
      bench.bus.call(tokens.createToken, { name: 'laptop', scopes: ['read:events'], ...wish }, bench.as(as));
    const tokensOf = async (as: Principal) => (await bench.bus.call(tokens.listTokens, {}, bench.as(as))).items;

    it('is its person, narrowed by scopes and workspaces, and shown once', async () => {
      const carol = person('carol');
      const workspaceId = await workspaceOf(carol);
      const { token, secret } = await make(
        { scopes: ['read:events', 'read:events', '*:runs'], workspaces: [`place-${count}`, workspaceId] },
        carol,
      );
      expect(secret).toMatch(/^mrp_[0-9a-z]{26}_[0-9a-z]{57}$/);
      expect(token).toMatchObject({ name: 'laptop', scopes: ['read:events', '*:runs'], workspaces: [workspaceId], lastUsedOn: '' });
      expect(await resolve(secret)).toMatchObject({
        userId: 'carol',
        workspaceId: '',
        scopes: ['read:events', '*:runs'],
        workspaces: [workspaceId],
      });
      expect(await tokensOf(carol)).toMatchObject([
        { id: token?.id, prefix: secret.slice(0, 30), lastUsedOn: expect.stringMatching(/^\d{4}-/) },
      ]);
      expect(await tokensOf(person('nobody'))).toEqual([]);
    });

    it('is revoked by its person, who alone knows of it, and told of without its secret', async () => {
      const { token, secret } = await make();
      const id = token?.id ?? '';
      const revokeAs = (as: Principal) => bench.bus.call(tokens.revokeToken, { tokenId: id }, bench.as(as));
      await expect(revokeAs(bob)).rejects.toMatchObject({ code: 'tokens.not_found', refusal: 'not-found' });
      await revokeAs(ada);
      await expect(resolve(secret)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
      await expect(revokeAs(ada)).rejects.toMatchObject({ code: 'tokens.not_found' });
      const events = (await onLog('platform')).filter(({ subject }) => subject === `token/${id}`);
      expect(events.map(({ type }) => type)).toEqual(['workspaces.tokens.created', 'workspaces.tokens.revoked']);
      for (const { payload } of events) {
        const said = Buffer.from(payload).toString('utf8');
        expect(said).toContain('"user":"ada"');
        for (const text of [secret.slice(31), digestOf(secret)]) expect(said).not.toContain(text);
      }
    });

    it('cannot have scopes that are none, nor workspaces that are not its person’s', async () => {
      await expect(make({ scopes: ['read:events', 'fly:kites'] })).rejects.toMatchObject({
        code: 'tokens.scope_unknown',
        errors: [{ pointer: '/scopes/1' }],
      });
      await expect(make({ workspaces: [await workspaceOf(bob)] })).rejects.toMatchObject({ code: 'workspaces.not_found' });
    });

    it('is for its workspaces, and knows of no other', async () => {
      const [here, there] = [await workspaceOf(), await workspaceOf()];
      const holder: Principal = { ...ada, scopes: ['*:*'], workspaces: [here] };
      expect(await may(here, holder)).not.toEqual([]);
      await expect(may(there, holder)).rejects.toMatchObject({ code: 'workspaces.not_found' });
      await expect(bench.bus.call(createWorkspace, { name: 'Third' }, bench.as(holder))).rejects.toMatchObject({
        code: 'workspaces.credential_elsewhere',
        refusal: 'forbidden',
      });
    });

    it('lists the workspaces it is for, as a key lists its own', async () => {
      const [one, two, three] = [await workspaceOf(), await workspaceOf(), await workspaceOf()];
      const holder: Principal = { ...ada, scopes: ['*:*'], workspaces: [one, three, await workspaceOf(bob)] };
      const list = async (as: Principal, page = {}) => bench.bus.call(listWorkspaces, page, bench.as(as));
      expect((await list(holder)).items.map(({ id }) => id)).toEqual([three, one]);
      const first = await list(holder, { limit: 2 });
      expect((await list(holder, { limit: 2, cursor: first.nextCursor })).items.map(({ id }) => id)).toEqual([one]);
      expect((await list((await create(two)).is)).items.map(({ id }) => id)).toEqual([two]);
    });

    it('is listed, the newest first, page by page, for people alone', async () => {
      const frank = person('frank');
      const made = [(await make({}, frank)).token?.id, (await make({}, frank)).token?.id].reverse();
      const first = await bench.bus.call(tokens.listTokens, { limit: 1 }, bench.as(frank));
      const second = await bench.bus.call(tokens.listTokens, { limit: 1, cursor: first.nextCursor }, bench.as(frank));
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made);
      expect(await tokensOf({ kind: 'key', id: 'frank', roles: [] })).toEqual([]);
    });

    it('is one of twenty', async () => {
      const dave = person('dave');
      const made = await Promise.allSettled(Array.from({ length: 23 }, () => make({}, dave)));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
      await expect(make({}, dave)).rejects.toMatchObject({ code: 'tokens.too_many', refusal: 'exhausted' });
    });

    it('goes with its person, and so do the keys they made', async () => {
      const erin = person('erin');
      const workspaceId = await workspaceOf(erin);
      const { secret, token } = await make({}, erin);
      const key = await create(workspaceId, {}, erin);
      const deleted = { user: 'erin' };
      await bench.platform.eventLog.append([
        {
          id: 'evt_erin',
          workspaceId: 'platform',
          type: 'gateway.users.deleted',
          time: bench.platform.clock.now(),
          payload: Buffer.from(JSON.stringify(deleted)),
          correlationId: 'c',
          actor: { kind: 'user', id: 'erin' },
          source: { service: 'gateway' },
        },
      ]);
      await heard('platform', 'workspaces.tokens.revoked', token?.id ?? '-');
      await heard(workspaceId, 'workspaces.keys.revoked', key.id);
      for (const each of [secret, key.secret]) await expect(resolve(each)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
    });
  });

  it('who has other rights now makes their keys be asked anew', async () => {
    const workspaceId = await workspaceOf();
    const { id } = await create(workspaceId);
    await bench.platform.eventLog.append([
      {
        id: 'evt_changed',
        workspaceId,
        type: 'workspaces.members.changed',
        time: bench.platform.clock.now(),
        payload: Buffer.from(JSON.stringify({ user: 'ada' })),
        correlationId: 'c',
        actor: { kind: 'user', id: 'ada' },
        source: { service: 'workspaces' },
      },
    ]);
    await heard(workspaceId, 'workspaces.keys.changed', id);
  });
});
