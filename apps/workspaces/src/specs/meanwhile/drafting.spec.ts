import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigService, DraftsService, EventTypesService, MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { workspacesService } from '../../index';

const { method } = WorkspacesService;
const drafts = DraftsService.method;
const types = EventTypesService.method;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const doc = (output: string): string => `do: []\noutput: ${output}\n`;

describe('a draft that several people work on', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let workspaceId: string;
  let made = 0;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  beforeEach(async () => {
    made += 1;
    const { workspace } = await bench.bus.call(method.createWorkspace, { name: `Drafting ${made}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterEach(() => {
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const apply = (files: Readonly<Record<string, string>>, more: object = {}) =>
    bench.bus.call(drafts.applyDraft, { workspaceId, ifMatch: '*', files, ...more }, bench.as(ada));
  const put = (slug: string, text: string) =>
    bench.bus.call(method.putAutomation, { workspaceId, slug, source: bytes(text), ifMatch: '*' }, bench.as(ada));
  const create = (slug: string, text: string) =>
    bench.bus.call(method.putAutomation, { workspaceId, slug, source: bytes(text) }, bench.as(ada));
  const patch = async (slug: string, asked: object, who = ada) =>
    (await bench.bus.call(method.updateAutomation, { workspaceId, slug, ifMatch: '*', ...asked }, bench.as(who))).automation;
  const setConfig = (value: object) =>
    bench.bus.call(ConfigService.method.setConfig, { workspaceId, value: bytes(JSON.stringify(value)), ifMatch: '*' }, bench.as(ada));
  const putType = (type: string, text: string, more: object = {}) =>
    bench.bus.call(types.putEventType, { workspaceId, type, source: bytes(text), ...more }, bench.as(ada));
  const paths = async () => (await bench.bus.call(drafts.getDraft, { workspaceId }, bench.as(ada))).draft?.files.map(({ path }) => path);
  const told = async (type: string) => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    return Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: false }));
  };
  /** Does so before each of the next so many writes of the draft. */
  const beforeWrites = (count: number, deed: (turn: number) => Promise<unknown>): void => {
    if (count === 0) return;
    interruptions.before('drafts', 'update', async () => {
      await deed(count);
      beforeWrites(count - 1, deed);
    });
  };

  describe('renames an automation', () => {
    it('as it is by now, when somebody writes it meanwhile', async () => {
      await apply({ 'automations/greet.yaml': doc('old') });
      beforeWrites(1, () => put('greet', doc('new')));
      expect(await patch('greet', { newSlug: 'hi' })).toMatchObject({ slug: 'hi', source: doc('new') });
      expect(await paths()).toEqual(['automations/hi.yaml']);
    });

    it('not over another that takes the slug meanwhile', async () => {
      await apply({ 'automations/greet.yaml': doc('a') });
      beforeWrites(1, () => create('hi', doc('b')));
      await expect(patch('greet', { newSlug: 'hi' })).rejects.toMatchObject({ code: 'workspaces.automation_taken' });
      expect(await paths()).toEqual(['automations/greet.yaml', 'automations/hi.yaml']);
    });

    it('not for ever: it says so when the draft never stands still', async () => {
      await apply({ 'automations/greet.yaml': doc('a') });
      beforeWrites(10, (turn) => put('greet', doc(`n${turn}`)));
      await expect(patch('greet', { newSlug: 'hi' })).rejects.toMatchObject({ code: 'workspaces.draft_busy', refusal: 'unavailable' });
    });

    it('only where the rules of who does it allow both names, and what calls it', async () => {
      const rules = [{ allow: ['read', 'update'], on: ['automations'], where: "slug starts with 'desk/'" }];
      await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'desk', ifMatch: '', rules }, bench.as(ada));
      await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['desk'] }, bench.as(ada));
      await apply({
        'automations/desk/in.yaml': doc('in'),
        'automations/desk/call.yaml': 'do:\n  - desk/in: {}\n',
        'automations/desk/used.yaml': doc('used'),
        'automations/night.yaml': 'do:\n  - desk/used: {}\n',
        'tests/in.test.yaml': 'automation: desk/in\ncases: []\n',
      });
      expect(await patch('desk/in', { newSlug: 'desk/out' }, bob)).toMatchObject({
        rewritten: ['automations/desk/call.yaml', 'tests/in.test.yaml'],
      });
      const denied = { code: 'automations.update_denied' };
      await expect(patch('desk/out', { newSlug: 'out' }, bob)).rejects.toMatchObject(denied);
      await expect(patch('night', { name: 'x' }, bob)).rejects.toMatchObject(denied);
      await expect(patch('desk/used', { newSlug: 'desk/free' }, bob)).rejects.toMatchObject(denied);
    });

    it('that is there: of another it says nothing', async () => {
      const usages = bench.bus.call(method.listAutomationUsages, { workspaceId, slug: 'none' }, bench.as(ada));
      await expect(usages).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
    });

    it('that has mistakes already, and keeps telling of them', async () => {
      await apply({ 'automations/a.yaml': 'do: []\nouput: 1\n' }, { prefer: 'handling=lenient' });
      expect(await patch('a', { name: 'A' })).toMatchObject({ name: 'A', problems: [{ code: 'key-unknown' }] });
    });
  });

  describe('configures the workspace', () => {
    it('beside what somebody writes meanwhile', async () => {
      await apply({ 'workspace.yaml': 'name: Hotel\n' });
      beforeWrites(1, () => apply({ 'workspace.yaml': '# kept\nname: Hotel\n' }));
      await setConfig({ rooms: 1 });
      const { file } = await bench.bus.call(drafts.getFileText, { workspaceId, path: 'workspace.yaml' }, bench.as(ada));
      expect(file?.text).toMatch(/^# kept\nname: Hotel\n[^]*rooms: 1/);
    });

    it('not for ever: it says so when the file never stands still', async () => {
      beforeWrites(10, (turn) => apply({ 'workspace.yaml': `name: Hotel ${turn}\n` }));
      await expect(setConfig({ rooms: 1 })).rejects.toMatchObject({ code: 'workspaces.draft_busy', refusal: 'unavailable' });
    });

    it('as a whole or in its parts: each fault is named where it is', async () => {
      const schema = '{ type: object, minProperties: 2, properties: { rooms: { type: integer } } }';
      await apply({ 'workspace.yaml': `name: Hotel\nconfig:\n  schema: ${schema}\n  value: { rooms: 1, beds: 2 }\n` });
      const pointersOf = async (value: object) =>
        setConfig(value).then(
          () => [],
          (error: unknown) => (error as { errors: { pointer: string }[]; message: string }).errors.map(({ pointer }) => pointer),
        );
      expect(await pointersOf({ rooms: 'many', beds: 2 })).toEqual(['/value/rooms']);
      expect(await pointersOf({ rooms: 1 })).toEqual(['/value']);
      await expect(setConfig({ rooms: 1 })).rejects.toMatchObject({ message: expect.stringContaining('allows. The whole ') });
    });
  });

  describe('applies many files', () => {
    const A = 'automations/a.yaml';
    const B = 'automations/b.yaml';

    it('over another draft than was seen never, though none of the own files has changed there', async () => {
      const { digest: seen } = await apply({ [A]: doc('1'), [B]: doc('2') });
      await put('b', doc('theirs'));
      await expect(apply({ [A]: doc('mine') }, { ifMatch: seen })).rejects.toMatchObject({
        code: 'workspaces.draft_moved',
        message: expect.stringContaining('1 files have changed, none of them yours.'),
        facts: { conflicts: [], drift: [B] },
      });
    });

    it('and is told of every file in which both differ when nothing is known of the draft that was seen', async () => {
      await apply({ [A]: doc('1'), [B]: doc('2') });
      for (const ifMatch of ['0'.repeat(64), 'v1']) {
        await expect(apply({ [A]: doc('mine'), [B]: doc('2'), 'c.md': 'new' }, { ifMatch })).rejects.toMatchObject({
          code: 'workspaces.draft_moved',
          message: `If-Match names the draft "${ifMatch}", which was never here or is kept no more, so nothing was written; 1 of your files stand here otherwise. Plan again with \`dryRun\`, and send the digest of that plan.`,
          facts: { conflicts: [A], drift: [] },
          errors: [{ pointer: '/files/automations~1a.yaml' }],
        });
      }
    });

    it('of fifty mebibytes together at most', async () => {
      const { digests } = await bench.bus.call(drafts.stageTexts, { workspaceId, texts: ['x'.repeat(262_144)] }, bench.as(ada));
      const known = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`assets/${index}.txt`, digests[0] ?? '']));
      await expect(apply({}, { known })).rejects.toMatchObject({ code: 'workspaces.tree_too_large' });
    });
  });

  describe('writes tests of rules', () => {
    const path = 'tests/desk.rules.yaml';
    const file = { path };
    const putTests = (text: string) =>
      bench.bus.call(drafts.putFileText, { workspaceId, ...file, text: bytes(text), ifMatch: '*' }, bench.as(ada));
    const test = (as: string, expected: string) =>
      `- it: x\n  as: ${as}\n  action: read\n  subject: events\n  object: { payload: { to: a@hotel.test } }\n  expect: ${expected}\n`;
    const putRole = (role: string, rules: object[]) =>
      bench.bus.call(RightsService.method.putRole, { workspaceId, role, ifMatch: '', rules }, bench.as(ada));
    const failures = async () =>
      (await bench.bus.call(drafts.checkDraft, { workspaceId }, bench.as(ada))).problems.map(({ message }) => message);

    it('that hold for whoever has the address, and say which rules spoke when they do not', async () => {
      await putRole('desk', [{ allow: ['read'], on: ['events'], where: 'payload.to = ${user.email}' }]);
      await apply({ [path]: test('{ roles: [desk], email: a@hotel.test }', 'allowed') });
      expect(await failures()).toEqual([]);
      await putTests(test('{ roles: [desk], email: b@hotel.test }', 'allowed'));
      expect(await failures()).toEqual([expect.stringMatching(/desk allows where payload\.to = \$\{user\.email\}: not-matched/)]);
      await putRole('everyone', [{ deny: ['read'], on: ['events'], reason: 'Closed.' }]);
      await putTests(test('{ roles: [desk], email: a@hotel.test }', 'allowed'));
      expect(await failures()).toEqual([expect.stringMatching(/it is refused\. .*everyone denies: matched/)]);
    });

    it('once: the same again changes nothing, and what is not there is not deleted', async () => {
      const text = test('{}', 'refused');
      await apply({ [path]: text });
      const before = (await told('workspaces.drafts.changed')).length;
      expect((await putTests(text)).file?.etag).toBe('1');
      expect(await told('workspaces.drafts.changed')).toHaveLength(before);
      await create('a', doc('1'));
      for (const other of ['tests/none.rules.yaml', 'automations/a.yaml']) {
        const gone = bench.bus.call(drafts.deleteFileText, { workspaceId, path: other, ifMatch: '*' }, bench.as(ada));
        await expect(gone).rejects.toMatchObject({ code: 'workspaces.draft_file_not_found' });
      }
      expect(await paths()).toEqual(['automations/a.yaml', path]);
    });

    it('and reads files by their own names, roles only as who may read roles', async () => {
      await apply({ 'roles.yaml': 'guest: {}\n', [path]: test('{}', 'refused') });
      await putRole('reader', [{ allow: ['read'], on: ['automations'] }]);
      await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['reader'] }, bench.as(ada));
      const read = (name: string, who = bob) => bench.bus.call(drafts.getFileText, { workspaceId, path: name }, bench.as(who));
      expect((await read(path)).file?.path).toBe(path);
      await expect(read('roles.yaml')).rejects.toMatchObject({ code: 'roles.read_denied' });
      expect((await read('roles.yaml', ada)).file?.text).toBe('guest: {}\n');
      await expect(read('constructor')).rejects.toMatchObject({ code: 'workspaces.draft_file_not_found' });
    });
  });

  describe('declares event types', () => {
    const publish = () => bench.bus.call(method.publishVersion, { workspaceId, message: '' }, bench.as(ada));

    it('once: the same again changes nothing, and what is not there is not deleted', async () => {
      for (const type of ['b.b', 'a.a', 'c.c']) await putType(type, 'title: x\n');
      expect((await putType('a.a', 'title: x\n', { ifMatch: '*' })).eventType?.etag).toBe('1');
      expect(await told('workspaces.drafts.changed')).toHaveLength(3);
      const { items } = await bench.bus.call(types.listEventTypes, { workspaceId }, bench.as(ada));
      expect(items.map(({ type }) => type)).toEqual(['a.a', 'b.b', 'c.c']);
      const gone = bench.bus.call(types.deleteEventType, { workspaceId, type: 'd.d', ifMatch: '*' }, bench.as(ada));
      await expect(gone).rejects.toMatchObject({ code: 'workspaces.event_type_not_found' });
    });

    it('without a schema, which have no version', async () => {
      await putType('a.a', 'title: x\n');
      await publish();
      expect((await bench.bus.call(types.getEventType, { workspaceId, type: 'a.a' }, bench.as(ada))).eventType?.version).toBe(0);
      expect(await told('workspaces.event-types.declared')).toEqual([]);
    });

    it('narrower as a whole: what would not fit is the payload', async () => {
      await putType('a.a', 'schema: { type: [object, string] }\n');
      await publish();
      await putType('a.a', 'schema: { type: object }\n', { ifMatch: '*' });
      await expect(publish()).rejects.toMatchObject({
        errors: [{ detail: expect.stringContaining('would not fit any more: it must be object now') }],
      });
    });

    it('that are numbered once when two publish them at once', async () => {
      await putType('a.a', 'schema: { type: object }\n');
      interruptions.before('event-schemas', 'insert', publish);
      await publish();
      expect((await bench.bus.call(types.getEventType, { workspaceId, type: 'a.a' }, bench.as(ada))).eventType?.version).toBe(1);
      expect(await told('workspaces.event-types.declared')).toHaveLength(1);
    });

    it('and publishes nothing when a number cannot be kept', async () => {
      await putType('a.a', 'schema: { type: object }\n');
      interruptions.fail('event-schemas', 'insert');
      await expect(publish()).rejects.toThrow();
      expect((await bench.bus.call(method.listVersions, { workspaceId }, bench.as(ada))).items).toEqual([]);
    });

    it('whose automations are handed out without a version of a schema', async () => {
      await putType('a.a', 'schema: { type: object }\n');
      await create('a', doc('1'));
      const { version } = await publish();
      const asked = { workspaceId, digest: version?.digest ?? '' };
      const files = await Array.fromAsync(bench.bus.stream(method.fetchModel, asked, bench.as(servicePrincipal('gateway'))));
      expect(files.map(({ path, schemaVersion }) => [path, schemaVersion])).toEqual([
        ['automations/a.yaml', 0],
        ['events/a.a.yaml', 1],
      ]);
    });
  });
});
