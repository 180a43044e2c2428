import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { addVersion, newestIn, turnVersion, type App, type AppVersion } from './app';
import { askedBy, narrowed } from './asked-of';
import { breakingChanges, contractIn, type Contract } from './contract';
import { hasConsent, withConsent } from './installation';
import { compareNumbers, inRange, mayBreak } from './number';
import { allOf, morePermissions, NO_PERMISSIONS, permissionsText, within } from './permissions';

const numbers = ['0.0.3', '0.0.4', '0.1.0', '0.1.2', '0.2.0', '1.0.0', '1.2.0', '1.2.3', '1.10.0', '2.0.0'];

describe('a range of numbers', () => {
  it.each([
    ['1.2.3', ['1.2.3']],
    ['1.2', ['1.2.0', '1.2.3']],
    ['1', ['1.0.0', '1.2.0', '1.2.3', '1.10.0']],
    ['1.x', ['1.0.0', '1.2.0', '1.2.3', '1.10.0']],
    ['^1.2.1', ['1.2.3', '1.10.0']],
    ['~1.2.1', ['1.2.3']],
    ['^0.1.1', ['0.1.2']],
    ['^0.0.3', ['0.0.3']],
    ['latest', numbers],
    ['*', numbers],
  ])('%s holds %j', (range, held) => {
    expect(numbers.filter(inRange(range))).toEqual(held);
  });

  it.each(['', 'newest', '>=1', '1.2.3.4', 'v1', '1.2.3-beta'])('is not %j', (range) => {
    expect(() => inRange(range)).toThrow(expect.objectContaining({ code: 'apps.range_invalid' }));
  });

  it('orders numbers by their parts, not their letters', () => {
    expect([...numbers].sort(compareNumbers)).toEqual(numbers);
    expect(compareNumbers('1.10.0', '1.9.9')).toBeGreaterThan(0);
  });

  it('lets what callers rely on break with a new major number, before 1.0.0 with a new minor one', () => {
    expect([mayBreak('1.2.3', '2.0.0'), mayBreak('1.2.3', '1.3.0'), mayBreak('0.1.0', '0.2.0'), mayBreak('0.1.0', '0.1.1')]).toEqual([
      ...[true, false, true, false],
    ]);
  });
});

describe('what an automation may do', () => {
  it('is read from its instructions, at any depth', () => {
    const document: JsonMap = {
      when: { events: ['ads.applications.submitted', 'own.thing', { event: 'runtime.>' }] },
      do: [
        { conditions: { '{{a}}': [{ emit: { event: 'one.thing' } }], default: [{ emit: { event: '{{name}}' } }] } },
        { repeat: { on: '{{b}}', do: [{ fetch: { url: 'https://API.example:8443/x?y={{z}}', outputMode: 'file' } }] } },
        { all: { do: [{ emit: { event: 'mapped' } }] } },
        { all: [{ action: { name: 'parse-cv' } }, [{ wait: { oneOf: [{ event: 'profile.updated' }, { event: 'mine' }] } }]] },
        [{ createUserTopic: { topic: 'sales' } }, { joinUserTopic: { topic: '{{topic}}' } }, { leaveUserTopic: { topic: 'old' } }],
        { try: { do: [{ fetch: { url: 'https://{{host}}/' } }], catch: [{ fetch: { url: '{{url}}' } }] } },
        { fetch: { url: 'https://a.example{{rest}}', headers: { a: '{{secret.KEY}}', b: '$secret:OTHER' }, stream: { event: 'part' } } },
      ],
    };
    expect(askedBy(document)).toEqual({
      reads: ['ads.applications.submitted', 'profile.updated', 'runtime.>'],
      emits: ['*', 'mapped', 'one.thing', 'part'],
      hosts: ['*', 'api.example'],
      secrets: ['KEY', 'OTHER'],
      files: true,
      actions: ['parse-cv'],
      topics: ['*', 'old', 'sales'],
      apps: [],
    });
  });

  it('is not what stands in data', () => {
    expect(askedBy({ do: [{ set: { name: 'x', value: { emit: { event: 'a.b' }, fetch: { url: 'https://a.example' } } } }] })).toEqual(
      NO_PERMISSIONS,
    );
  });

  it('is what the author names in place of what only shows when it runs', () => {
    const asked = { ...NO_PERMISSIONS, hosts: ['*', 'api.example'], emits: ['*'], topics: ['*', 'old'] };
    expect(narrowed(asked, { hosts: ['hooks.example'], secrets: ['KEY'], topics: ['sales'] })).toEqual({
      ...NO_PERMISSIONS,
      ...{ hosts: ['api.example', 'hooks.example'], emits: ['*'], secrets: ['KEY'], topics: ['old', 'sales'] },
    });
    const kept = { ...NO_PERMISSIONS, files: true };
    expect([narrowed(kept, {}), narrowed(kept, { files: true }), narrowed(kept, { files: false })]).toEqual([kept, kept, NO_PERMISSIONS]);
    expect(narrowed(NO_PERMISSIONS, { files: true })).toEqual(NO_PERMISSIONS);
  });
});

describe('permissions', () => {
  const some = { ...NO_PERMISSIONS, emits: ['b', 'a'], hosts: ['x.example'] };

  it('are the same text when they are the same', () => {
    expect(permissionsText(some)).toBe(permissionsText({ ...some, emits: ['a', 'b', 'a'] }));
    expect(permissionsText(some)).not.toBe(permissionsText({ ...some, files: true }));
  });

  it('of a version from before some of them were known are those it had', () => {
    const { topics: _, ...before } = { ...NO_PERMISSIONS, hosts: ['a.example'] };
    const contract = { automations: [], events: ['x'], config: {}, permissions: before };
    expect(contractIn(JSON.stringify(contract))).toEqual({ ...contract, permissions: { ...before, topics: [] } });
  });

  it('of an app in another are among those of the other, its events below its name', () => {
    expect(allOf([NO_PERMISSIONS, within('mail', 'post@1.0.0', some)])).toEqual({
      ...some,
      ...{ emits: ['mail.a', 'mail.b'], apps: ['post@1.0.0'] },
    });
  });

  it('say what is more', () => {
    expect(morePermissions(NO_PERMISSIONS, { ...some, files: true })).toEqual([
      ...['emit the event b', 'emit the event a', 'call the host x.example', 'keep files'],
    ]);
    expect(morePermissions(some, some)).toEqual([]);
  });
});

describe('what callers rely on', () => {
  const contract = (more: Partial<Contract>): Contract => ({
    automations: [],
    events: [],
    config: {},
    permissions: NO_PERMISSIONS,
    ...more,
  });
  const automation = (args: JsonMap) => contract({ automations: [{ slug: 'a', name: 'a', arguments: args }] });

  it.each<readonly [string, Contract, Contract, readonly string[]]>([
    ['an automation that is gone', automation({}), contract({}), ['automation a is gone']],
    ['an event that is gone', contract({ events: ['x'] }), contract({}), ['event x is gone']],
    ['an argument that is needed now', automation({}), automation({ b: { required: true } }), ['automation a needs b']],
    [
      'an argument of another type',
      automation({ b: { type: 'string' } }),
      automation({ b: { type: 'number' } }),
      ['automation a takes another b'],
    ],
    ['a narrower type', automation({ b: {} }), automation({ b: { type: 'number' } }), ['automation a takes another b']],
    ['a setting that is needed now', contract({}), contract({ config: { required: ['k'] } }), ['the configuration needs k']],
  ])('breaks by %s', (_, before, after, breaking) => {
    expect(breakingChanges(before, after)).toEqual(breaking);
  });

  it.each<readonly [string, Contract, Contract]>([
    ['another automation', contract({}), automation({})],
    ['an argument that may be left out', automation({}), automation({ b: { type: 'string' } })],
    ['a needed argument with a default', automation({}), automation({ b: { required: true, default: 1 } })],
    ['a wider type', automation({ b: { type: 'string' } }), automation({ b: { type: ['string', 'number'] } })],
    ['an argument that is taken away', automation({ b: { type: 'string' } }), automation({})],
  ])('does not break by %s', (_, before, after) => {
    expect(breakingChanges(before, after)).toEqual([]);
  });
});

describe('an app', () => {
  const version = (number: string): AppVersion => ({
    ...{ number, changes: '', digest: 'd', contract: 'c', permissions: 'p', state: 'offered', reason: '' },
    ...{ publishedBy: 'usr_1', publishedAt: 1 },
  });
  const empty: App = {
    ...{ slug: 'crm', workspaceId: 'ws_1', name: 'n', description: '', visibility: 'public', listedFor: [] },
    ...{ versions: [], createdAt: 0, updatedAt: 0 },
  };
  const app = ['1.0.0', '1.1.0', '2.0.0'].reduce((before, number) => addVersion(before, version(number)), empty);

  it('publishes each number once, and upwards', () => {
    expect(() => addVersion(app, version('2.0.0'))).toThrow(expect.objectContaining({ code: 'apps.number_taken' }));
    expect(() => addVersion(app, version('1.2.0'))).toThrow(expect.objectContaining({ code: 'apps.number_taken' }));
  });

  it('has two hundred versions at most', () => {
    const full = Array.from({ length: 200 }, (_, patch) => version(`1.0.${patch}`)).reduce(addVersion, empty);
    expect(() => addVersion(full, version('2.0.0'))).toThrow(expect.objectContaining({ code: 'apps.too_many_versions' }));
  });

  it('offers the newest of a range, what is advised against only where there is nothing else, what was withdrawn never', () => {
    expect(newestIn(app, '1.x')?.number).toBe('1.1.0');
    const advised = turnVersion(app, '1.1.0', 'deprecated', 'slow');
    expect([newestIn(advised, '1.x')?.number, newestIn(advised, '1.1.0')?.number]).toEqual(['1.0.0', '1.1.0']);
    expect(newestIn(turnVersion(app, '2.0.0', 'withdrawn', 'wrong'), '2.x')).toBeUndefined();
    expect(() => turnVersion(app, '9.0.0', 'withdrawn', '')).toThrow(expect.objectContaining({ code: 'apps.version_not_found' }));
  });
});

describe('consent', () => {
  it('is to one version and exactly its permissions', () => {
    const none = { workspaceId: 'ws_1', app: 'crm', consents: [] };
    const given = withConsent(none, { version: '1.0.0', permissions: 'p', by: 'usr_1', at: 1 });
    expect([hasConsent(given, '1.0.0', 'p'), hasConsent(given, '1.0.0', 'q'), hasConsent(given, '1.0.1', 'p')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(withConsent(given, { version: '1.0.0', permissions: 'p', by: 'usr_2', at: 2 })).toBe(given);
  });
});
