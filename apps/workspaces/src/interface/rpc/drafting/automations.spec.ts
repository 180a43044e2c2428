import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DraftsService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../../index';

const { method } = WorkspacesService;
const { applyDraft, getDraft } = DraftsService.method;
const GREET = '# greets\nname: Greet\nwhen: { events: [asked] }\ndo:\n  - emit: { event: hotel.greeted }\n  - emit: { event: "{{x}}" }\n';
const CALLER = 'do:\n  - greet: {}   # see greet\n';

describe('an automation of a draft', () => {
  let bench: ServiceBench;
  let made = 0;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (files: Readonly<Record<string, string>>): Promise<string> => {
    made += 1;
    const { workspace } = await bench.bus.call(method.createWorkspace, { name: `Automations ${made}` }, bench.as(ada));
    const workspaceId = workspace?.id ?? '';
    await bench.bus.call(applyDraft, { workspaceId, ifMatch: '*', files }, bench.as(ada));
    return workspaceId;
  };
  const patch = async (workspaceId: string, slug: string, asked: object) =>
    (await bench.bus.call(method.updateAutomation, { workspaceId, slug, ifMatch: '*', ...asked }, bench.as(ada))).automation;
  const sourceOf = async (workspaceId: string, slug: string) =>
    (await bench.bus.call(method.getAutomation, { workspaceId, slug }, bench.as(ada))).automation?.source;
  const told = async (workspaceId: string) => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: false }));
    return events.map(({ type, payload }) => [type, JSON.parse(new TextDecoder().decode(payload))] as const);
  };

  it('is created once, and says what it listens to and emits', async () => {
    const workspaceId = await create({});
    const post = (source: string, more: object = {}) =>
      bench.bus.call(method.createAutomation, { workspaceId, slug: 'greet', source, ...more }, bench.as(ada));
    await expect(post('do: {}\n')).rejects.toMatchObject({ code: 'workspaces.document_invalid' });
    const { automation } = await post(GREET);
    expect(automation).toMatchObject({
      slug: 'greet',
      listens: ['asked'],
      emits: ['hotel.greeted'],
      disabled: false,
      private: false,
      etag: '1',
    });
    await expect(post(GREET)).rejects.toMatchObject({ code: 'workspaces.automation_exists', facts: { updatedBy: 'ada' } });
    expect(await told(workspaceId)).toContainEqual([
      'workspaces.automations.created',
      { slug: 'greet', digest: automation?.digest, listens: ['asked'], emits: ['hotel.greeted'] },
    ]);
  });

  it('says what it calls: automations, those of apps, actions and hosts, as far as it names them', async () => {
    const steps = [
      'greet: {}',
      'all: [{ crm.add: {} }, [{ greet: {} }]]',
      'action: { name: parse-cv }',
      'action: { name: "{{which}}" }',
      'fetch: { url: "https://API.example.com:8443/{{path}}" }',
      'fetch: { url: "{{where}}" }',
    ];
    const workspaceId = await create({ 'automations/greet.yaml': GREET });
    const source = new TextEncoder().encode(`do:\n${steps.map((step) => `  - ${step}\n`).join('')}`);
    const { automation } = await bench.bus.call(method.putAutomation, { workspaceId, slug: 'caller', source }, bench.as(ada));
    expect(automation?.calls).toEqual(['action/parse-cv', 'app/crm.add', 'automation/greet', 'host/api.example.com']);
    const where = "calls = 'automation/greet'";
    const { items } = await bench.bus.call(method.listAutomations, { workspaceId, where }, bench.as(ada));
    expect(items.map(({ slug, calls }) => [slug, calls.length])).toEqual([['caller', 4]]);
  });

  it('is saved with errors only for who asks for that, and keeps its problems', async () => {
    const workspaceId = await create({});
    const source = new TextEncoder().encode('do: []\nouput: 1\n');
    const put = (more: object) => bench.bus.call(method.putAutomation, { workspaceId, slug: 'a', source, ...more }, bench.as(ada));
    await expect(put({})).rejects.toMatchObject({ code: 'workspaces.document_invalid' });
    await put({ prefer: 'handling=lenient' });
    const { automation } = await bench.bus.call(method.getAutomation, { workspaceId, slug: 'a' }, bench.as(ada));
    expect(automation?.problems).toMatchObject([{ code: 'key-unknown', severity: 'error', line: 2, column: 1 }]);
    await expect(bench.bus.call(method.publishVersion, { workspaceId }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
    });
  });

  it('has no problem with what stands beside it, and warns of what does not', async () => {
    const workspaceId = await create({ 'automations/lib/greet.yaml': GREET });
    const put = async (called: string, ifMatch: string) => {
      const source = new TextEncoder().encode(`do: [{ ${called}: {} }, { emit: { event: unheard } }]\n`);
      const answer = await bench.bus.call(method.putAutomation, { workspaceId, slug: 'caller', source, ifMatch }, bench.as(ada));
      return answer.automation?.problems ?? [];
    };
    expect(await put('lib/greet', '')).toEqual([]);
    const { automation } = await bench.bus.call(method.getAutomation, { workspaceId, slug: 'caller' }, bench.as(ada));
    expect(automation?.problems).toEqual([]);
    expect((await patch(workspaceId, 'caller', { newSlug: 'lib/caller' }))?.problems).toEqual([]);
    expect((await patch(workspaceId, 'lib/caller', { newSlug: 'caller' }))?.problems).toEqual([]);
    expect(await put('lib/great', '*')).toMatchObject([{ code: 'automation-unknown', severity: 'warning', line: 1, column: 8 }]);
  });

  it('says something else of itself, and is as it was written else', async () => {
    const workspaceId = await create({ 'automations/greet.yaml': GREET });
    const changed = await patch(workspaceId, 'greet', { name: 'Hello', labels: { items: ['vip'] }, disabled: true, ifMatch: '1' });
    expect(changed).toMatchObject({ name: 'Hello', labels: ['vip'], disabled: true, etag: '2', rewritten: [], left: [] });
    expect(await sourceOf(workspaceId, 'greet')).toBe(GREET.replace('name: Greet\n', 'name: Hello\nlabels: [vip]\ndisabled: true\n'));
    await expect(patch(workspaceId, 'greet', { name: 'x', ifMatch: '1' })).rejects.toMatchObject({
      code: 'workspaces.precondition_failed',
      facts: { etag: '2', updatedBy: 'ada' },
    });
    await expect(patch(workspaceId, 'greet', { name: 'x', ifMatch: '' })).rejects.toMatchObject({
      code: 'workspaces.precondition_required',
    });
    await expect(patch(workspaceId, 'none', { name: 'x' })).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
    expect((await patch(workspaceId, 'greet', { name: 'Hello' }))?.etag).toBe('2');
  });

  it('is renamed together with what calls and tests it, and tells what it could not rename', async () => {
    const workspaceId = await create({
      'automations/greet.yaml': GREET,
      'automations/caller.yaml': CALLER,
      'automations/other.yaml': 'do: []\noutput: greeting\n',
      'tests/greet.test.yaml': 'automation: greet\ncases: []\n',
    });
    const usages = await bench.bus.call(method.listAutomationUsages, { workspaceId, slug: 'greet' }, bench.as(ada));
    expect(usages.items.map(({ file, line, column, kind }) => [file, line, column, kind])).toEqual([
      ['automations/caller.yaml', 2, 5, 'call'],
      ['automations/caller.yaml', 2, 23, 'mention'],
      ['tests/greet.test.yaml', 1, 13, 'test'],
    ]);
    await expect(patch(workspaceId, 'greet', { newSlug: 'caller' })).rejects.toMatchObject({ code: 'workspaces.automation_taken' });
    const renamed = await patch(workspaceId, 'greet', { newSlug: 'guests/welcome' });
    expect(renamed).toMatchObject({
      slug: 'guests/welcome',
      rewritten: ['automations/caller.yaml', 'tests/greet.test.yaml'],
      left: [{ file: 'automations/caller.yaml', line: 2, kind: 'mention' }],
    });
    expect(await sourceOf(workspaceId, 'caller')).toBe('do:\n  - guests/welcome: {}   # see greet\n');
    const { draft } = await bench.bus.call(getDraft, { workspaceId }, bench.as(ada));
    expect(draft?.files.map(({ path }) => path)).toContain('automations/guests/welcome.yaml');
    expect(draft?.files.map(({ path }) => path)).not.toContain('automations/greet.yaml');
    const events = await told(workspaceId);
    expect(events).toContainEqual([
      'workspaces.automations.updated',
      expect.objectContaining({ slug: 'guests/welcome', oldSlug: 'greet', listens: ['asked'], emits: ['hotel.greeted'] }),
    ]);
    expect(events.at(-1)).toEqual([
      'workspaces.drafts.changed',
      { paths: ['automations/caller.yaml', 'tests/greet.test.yaml'], digest: draft?.digest },
    ]);
    await bench.bus.call(method.publishVersion, { workspaceId }, bench.as(ada));
  });

  it('is renamed whole while others write what calls it', async () => {
    const workspaceId = await create({ 'automations/greet.yaml': GREET, 'automations/caller.yaml': CALLER });
    const write = async (n: number): Promise<void> => {
      const source = new TextEncoder().encode(`${CALLER}  - set: { name: n, value: ${n} }\n`);
      await bench.bus.call(method.putAutomation, { workspaceId, slug: 'caller', source, ifMatch: '*' }, bench.as(ada));
    };
    await Promise.all([patch(workspaceId, 'greet', { newSlug: 'hi' }), ...[1, 2, 3].map(write)]);
    const { draft } = await bench.bus.call(getDraft, { workspaceId }, bench.as(ada));
    expect(draft?.files.map(({ path }) => path)).toEqual(['automations/caller.yaml', 'automations/hi.yaml']);
  });
});
