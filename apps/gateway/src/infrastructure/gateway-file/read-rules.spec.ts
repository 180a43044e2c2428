import { describe, expect, it } from '@jest/globals';
import { rateOf } from '../../domain/policies/rate';
import { readRules } from './read-rules';

const MINUTE = 60_000;
const read = (text: string) => readRules(text, 'gateway.yaml');
const problemsOf = (text: string): readonly string[] => {
  try {
    read(text);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'gateway.file_invalid', refusal: 'invalid' });
    return (error as Error).message.split('\n').map((line) => line.trim());
  }
};
const limitsOf = (text: string, name: string) =>
  read(text)
    .classes.get(name)
    ?.limits.map(({ name: as, by, rate }) => [as, by, rate.limit, rate.window, rate.burst]);

describe('gateway.yaml', () => {
  it('may be empty, and then all is as it is by default', () => {
    expect(limitsOf('', 'endpoint')).toEqual([
      ['endpoint', 'principal', 600, MINUTE, 600],
      ['endpoint.address', 'address', 60, MINUTE, 60],
      ['endpoint.workspace', 'workspace', 200, 1_000, 200],
    ]);
    expect(read('# nothing').classes.get('read')?.timeout).toBe(30_000);
  });

  it('sets a limit for every caller, or by whom it counts, and takes it away', () => {
    expect(limitsOf('limits: { endpoint: 10/s burst 5 }', 'endpoint')).toEqual([
      ['endpoint', 'principal', 10, 1_000, 5],
      ['endpoint', 'address', 10, 1_000, 5],
      ['endpoint.workspace', 'workspace', 200, 1_000, 200],
    ]);
    expect(limitsOf('limits: { endpoint: { address: 5/h, workspace: off } }', 'endpoint')).toEqual([
      ['endpoint', 'principal', 600, MINUTE, 600],
      ['endpoint.address', 'address', 5, 3_600_000, 5],
    ]);
    expect(limitsOf('limits: { endpoint: { caller: 7/s } }', 'endpoint')?.slice(0, 2)).toEqual([
      ['endpoint', 'principal', 7, 1_000, 7],
      ['endpoint', 'address', 7, 1_000, 7],
    ]);
    expect(limitsOf('limits: { read: off }', 'read')).toEqual([]);
  });

  it('makes classes like those there are', () => {
    const rules = read('classes: { reports: { like: export, limit: 2/min } }\ntimeouts: { default: 10s, reports: 2min }');
    expect(rules.classes.get('reports')).toMatchObject({
      turn: 1,
      timeout: 120_000,
      limits: [{ name: 'reports', rate: rateOf(2, MINUTE) }, {}],
    });
    expect(rules.classes.get('read')?.timeout).toBe(10_000);
    expect(read('classes: { reports: { like: export } }').classes.get('reports')?.limits[0]?.rate.limit).toBe(6);
  });

  it('says all else that operators can set', () => {
    const rules = read(`
origins: [https://app.example.org]
trustedProxies: [10.0.0.0/8, { addresses: [192.0.2.1], header: forwarded }]
blacklist: { addresses: [203.0.113.0/24], paths: [/v1/workspaces/*/webhooks/**] }
maintenance: { lac: Back at noon. }
headers: { X-Robots-Tag: noindex }
overload: { late: 1s, calls: 50 }
routes:
  - { match: { path: '/a.b/*', method: post, host: Hooks.Example.org }, class: emit, limit: 5/s, timeout: 500ms, body: 1MiB, off: true }
`);
    expect(rules).toMatchObject({
      bearable: { late: 1_000, calls: 50 },
      origins: ['https://app.example.org'],
      trustedProxies: [
        { addresses: ['10.0.0.0/8'], header: 'x-forwarded-for' },
        { addresses: ['192.0.2.1'], header: 'forwarded' },
      ],
      headers: { 'x-robots-tag': 'noindex' },
      routes: [{ written: '/a.b/*', method: 'POST', host: 'hooks.example.org', class: 'emit', timeout: 500, body: 1_048_576, off: true }],
    });
    expect(rules.maintenance.get('lac')).toBe('Back at noon.');
    expect(['/v1/workspaces/x/webhooks/a/b', '/v1/workspaces/x/y/webhooks/a'].map((path) => rules.blacklist.paths[0]?.test(path))).toEqual([
      true,
      false,
    ]);
    expect(['/a.b/c', '/axb/c', '/a.b/c/d'].map((path) => rules.routes[0]?.path.test(path))).toEqual([true, false, false]);
  });

  it('is refused with all that is wrong, each with its place', () => {
    const problems = problemsOf(
      [
        'limits:',
        '  read: 600 a minute',
        '  emits: 5/s',
        '  sign-in: off',
        '  wrong-key: { address: off }',
        'timeouts: { default: soon, writes: 1s }',
        'classes: { read: { like: write }, more: { like: most } }',
        'trustedProxies: [10.0.0.0/99, 1.2.3, a/b/c]',
        'routes:',
        '  - { match: { path: v1 }, body: big, class: nothing }',
        'colour: red',
      ].join('\n'),
    );
    expect(problems[0]).toBe('gateway.yaml cannot be used:');
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^gateway\.yaml:2:9 limits\.read: is a rate such as 600\/min/),
        expect.stringMatching(/^gateway\.yaml:6:22 timeouts\.default: is a time such as 30s/),
        expect.stringMatching(/^gateway\.yaml:8:18 trustedProxies\.0: is an address or a network/),
        expect.stringMatching(/^gateway\.yaml:8:31 trustedProxies\.1: /),
        expect.stringMatching(/^gateway\.yaml:10:22 routes\.0\.match\.path: is a path/),
        expect.stringMatching(/^gateway\.yaml:10:34 routes\.0\.body: is a size/),
        'gateway.yaml:11:1 colour: there is no such key.',
      ]),
    );
    expect(
      problemsOf(
        [
          'limits: { emits: 5/s, sign-in: off, wrong-key: { address: off } }',
          'timeouts: { writes: 1s }',
          'classes: { read: { like: write }, more: { like: most } }',
          'routes: [{ match: { path: /v1 }, class: nothing }]',
        ].join('\n'),
      ),
    ).toEqual([
      'gateway.yaml cannot be used:',
      expect.stringMatching(/^gateway\.yaml:1:18 limits\.emits: is no class\. The classes are read, /),
      expect.stringMatching(/^gateway\.yaml:2:21 timeouts\.writes: is no class/),
      expect.stringMatching(/^gateway\.yaml:4:41 routes\.0\.class: is no class/),
      expect.stringMatching(/^gateway\.yaml:3:18 classes\.read: is a class already/),
      expect.stringMatching(/^gateway\.yaml:3:49 classes\.more\.like: is none of read, /),
      expect.stringMatching(/^gateway\.yaml:1:32 limits\.sign-in: cannot be off/),
      expect.stringMatching(/^gateway\.yaml:1:48 limits\.wrong-key: cannot be off/),
    ]);
  });

  it('is refused as a whole when it is no YAML, no map, too long or full of aliases', () => {
    expect(problemsOf('limits: [')[1]).toMatch(/^gateway\.yaml:1:\d+ /);
    expect(problemsOf('limits: {}\nlimits: {}')[1]).toMatch(/^gateway\.yaml:2:1 /);
    expect(problemsOf('just a text')[1]).toMatch(/^gateway\.yaml:1:1 The file: /);
    expect(problemsOf(`# ${'x'.repeat(1_000_001)}`)[1]).toMatch('longer than');
    const bomb = ['a: &a [x]', ...Array.from({ length: 60 }, (_, index) => `b${index}: *a`)].join('\n');
    expect(problemsOf(bomb).length).toBeGreaterThan(1);
  });
});
