import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ContextsService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage } from '../../../testing/stage';

const { method } = ContextsService;
const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value));
const COUNT =
  'when: { endpoint: { path: count, access: public } }\ndo: [{ set: { name: global.n, type: increment } }]\noutput: "{{global.n}}"\n';

describe('contexts over the bus', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const globalOf = (workspaceId: string) => ({ workspaceId, kind: 'global', owner: '-', instance: '' });
  const valueOf = async (request: ReturnType<typeof globalOf>): Promise<JsonMap> => {
    const { context } = await stage.call(method.getContext, request);
    return payloadOf({ payload: context?.value ?? encode({}) });
  };

  it('are what runs have written, and runs read what people write', async () => {
    const name = globalOf(await stage.workspace({ count: COUNT }));
    expect(await stage.knock(name.workspaceId, 'count')).toBe('1');
    const { context } = await stage.call(method.getContext, name, 'olga');
    expect(context).toMatchObject({ kind: 'global', owner: '-', instance: '', size: 7 });
    const { context: put } = await stage.call(method.putContext, { ...name, value: encode({ n: 41 }), ifMatch: context?.etag ?? '' });
    expect(Number(put?.etag)).toBeGreaterThan(Number(context?.etag));
    expect(await stage.knock(name.workspaceId, 'count')).toBe('42');
    const told = await stage.until(name.workspaceId, 'runtime.contexts.changed');
    expect(payloadOf(told)).toEqual({ kind: 'global', owner: '-', instance: '', change: 'replaced', revision: Number(put?.etag) });
  });

  it('are made, patched and deleted by who says what is there', async () => {
    const workspaceId = await stage.workspace({});
    const name = { workspaceId, kind: 'user', owner: 'ada', instance: 'shop' };
    const conflict = { code: 'runtime.precondition_failed' };
    const required = { code: 'runtime.precondition_required' };
    const missing = { code: 'runtime.context_not_found' };
    await expect(stage.call(method.getContext, name)).rejects.toMatchObject(missing);
    await expect(stage.call(method.deleteContext, { ...name, ifMatch: '*' })).rejects.toMatchObject(missing);
    const value = encode({ a: 1, b: { c: 2 } });
    const { context } = await stage.call(method.putContext, { ...name, value });
    await expect(stage.call(method.putContext, { ...name, value })).rejects.toMatchObject(required);
    await expect(stage.call(method.putContext, { ...name, value, ifNoneMatch: '*' })).rejects.toMatchObject(conflict);
    await expect(stage.call(method.putContext, { ...name, value, ifMatch: '1' })).rejects.toMatchObject(conflict);
    await stage.call(method.putContext, { ...name, value, ifMatch: '*' });
    const patch = encode({ a: null, b: { d: 3 } });
    await expect(stage.call(method.patchContext, { ...name, patch })).rejects.toMatchObject(required);
    await expect(stage.call(method.patchContext, { ...name, patch, ifMatch: context?.etag ?? '' })).rejects.toMatchObject(conflict);
    const { context: patched } = await stage.call(method.patchContext, { ...name, patch, ifMatch: '*' });
    expect(await valueOf(name)).toEqual({ b: { c: 2, d: 3 } });
    await expect(stage.call(method.deleteContext, { ...name })).rejects.toMatchObject(required);
    await stage.call(method.deleteContext, { ...name, ifMatch: patched?.etag ?? '' });
    await expect(stage.call(method.getContext, name)).rejects.toMatchObject(missing);
  });

  it('are listed by kind and owner, in pages', async () => {
    const workspaceId = await stage.workspace({});
    const names = [
      { kind: 'global', owner: '-', instance: '' },
      { kind: 'user', owner: 'Zoë', instance: '' },
      { kind: 'user', owner: 'ada', instance: '' },
      { kind: 'user', owner: 'ada', instance: 'shop' },
    ];
    for (const name of names) await stage.call(method.putContext, { workspaceId, ...name, value: encode({}) });
    const listed = async (filter: object) => (await stage.call(method.listContexts, { workspaceId, ...filter })).items;
    const all = await listed({});
    expect(all).toHaveLength(4);
    expect(all).toEqual(expect.arrayContaining(names.map((name) => expect.objectContaining({ ...name, size: 2 }))));
    expect(await listed({ kind: 'user' })).toHaveLength(3);
    expect(await listed({ owner: 'ada' })).toHaveLength(2);
    expect(await listed({ owner: '-' })).toMatchObject([{ kind: 'global' }]);
    const first = await stage.call(method.listContexts, { workspaceId, limit: 3 });
    const second = await stage.call(method.listContexts, { workspaceId, limit: 3, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toEqual(all);
  });

  it('are nothing to strangers, and not changed by who may only look', async () => {
    const name = globalOf(await stage.workspace({}));
    const stranger = { code: 'workspaces.not_found' };
    await expect(stage.call(method.listContexts, { workspaceId: name.workspaceId }, 'bob')).rejects.toMatchObject(stranger);
    await expect(stage.call(method.getContext, name, 'bob')).rejects.toMatchObject(stranger);
    await expect(stage.call(method.putContext, { ...name, value: encode({}) }, 'bob')).rejects.toMatchObject(stranger);
    await expect(stage.call(method.patchContext, { ...name, ifMatch: '*' }, 'bob')).rejects.toMatchObject(stranger);
    await expect(stage.call(method.deleteContext, { ...name, ifMatch: '*' }, 'bob')).rejects.toMatchObject(stranger);
    await expect(stage.call(method.getContext, name, 'vera')).rejects.toMatchObject({ code: 'contexts.read_denied' });
    await expect(stage.call(method.putContext, { ...name, value: encode({}) }, 'olga')).rejects.toMatchObject({
      code: 'contexts.update_denied',
    });
    await expect(stage.call(method.deleteContext, { ...name, ifMatch: '*' }, 'olga')).rejects.toMatchObject({
      code: 'contexts.delete_denied',
    });
  });

  it('refuse names and values that make no sense', async () => {
    const name = globalOf(await stage.workspace({}));
    const value = encode({});
    for (const wrong of [{ kind: 'odd' }, { owner: '' }, { owner: 'ada' }, { kind: 'user' }, { ifMatch: 'W/"x"' }, { value: encode([]) }]) {
      await expect(stage.call(method.putContext, { ...name, value, ...wrong })).rejects.toMatchObject({ refusal: 'invalid' });
    }
    const large = encode({ text: 'x'.repeat(600_000) });
    await expect(stage.call(method.putContext, { ...name, value: large })).rejects.toMatchObject({ code: 'runtime.context_too_large' });
    await expect(stage.call(method.listContexts, { workspaceId: name.workspaceId, kind: 'odd' })).rejects.toMatchObject({
      refusal: 'invalid',
    });
  });
});
