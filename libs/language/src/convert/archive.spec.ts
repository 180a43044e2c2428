import { describe, expect, it } from '@jest/globals';
import { check } from '../check/check';
import { importArchive } from './archive';

const archive = {
  'index.yml': [
    'id: abc',
    'name: Hotel',
    'slug: hotel',
    'config:',
    '  value: { url: https://example.com }',
    'events:',
    '  types:',
    '    order paid: { schema: { type: object } }',
    'blocks: []',
    '',
  ].join('\n'),
  'automations/score.yml': ['# Scores.', 'when:', '  endpoint: true', '  events:', '    - order paid # blank', 'do: []', ''].join('\n'),
  'automations/plain.yml': 'do: []\noutput: "{% {{a}} != 1 and {{b}} or true %}"\n',
  'automations/broken.yml': 'do:\n  - set: { nmae: x }\n',
  'automations/worse.yml': 'do: [\n',
  'automations/path.yml': 'when: { endpoint: hooks/in, schedules: ["0 0 * * *"] }\ndo: []\n',
  'automations/__index__.yml': 'score: {}\n',
  'imports/crm.yml': 'appSlug: CRM\nappVersion: v1\nconfig: { key: 1 }\n',
  'imports/bad.yml': '- 1\n',
  'security.yml': [
    'authorizations:',
    '  roles: { editor: { name: Editors } }',
    '  rules:',
    '    - { role: editor, action: [read, write], subject: events }',
    "    - { action: read, subject: files, conditions: { owner: '${user.id}', public: true } }",
    '    - { role: editor, action: read, subject: files, inverted: true, conditions: { a: { $in: [1] } }, reason: no }',
    '',
  ].join('\n'),
  'pages/home.yml': 'blocks: []\n',
  'readme.md': 'Hi\n',
};

describe('importArchive', () => {
  const { files, report } = importArchive(archive);
  const outcome = (file: string) => report.find((entry) => entry.file === file);

  it('makes a workspace that is read as Prisme.ai would', () => {
    expect(files['workspace.yaml']).toBe(
      ['name: Hotel', 'slug: hotel', 'config:', '  value:', '    url: https://example.com', 'language: 1', 'compat: prisme', ''].join('\n'),
    );
    expect(outcome('index.yml')).toMatchObject({
      outcome: 'translated',
      reason: 'it is `workspace.yaml` with `compat: prisme`; not taken over: id, blocks',
    });
  });

  it('takes event types out of the index, blanks as underscores', () => {
    expect(files['events/order_paid.yaml']).toBe('type: order_paid\nschema:\n  type: object\n');
  });

  it('opens endpoints in writing and renames events, comments kept', () => {
    expect(files['automations/score.yaml']).toBe(
      '# Scores.\nwhen:\n  endpoint:\n    access: public\n  events:\n    - order_paid # blank\ndo: []\n',
    );
    expect(outcome('automations/score.yml')).toMatchObject({
      outcome: 'translated',
      reason: 'its endpoint has `access: public`; the event `order paid` is `order_paid`',
    });
    expect(files['automations/path.yaml']).toContain('endpoint: { path: hooks/in, access: public }');
  });

  it('leaves other automations as they are and tells where they mean something else', () => {
    expect(files['automations/plain.yaml']).toBe(archive['automations/plain.yml']);
    expect(outcome('automations/plain.yml')).toMatchObject({ outcome: 'same', differences: [{ row: 1 }, { row: 3, line: 2, column: 13 }] });
    expect(outcome('automations/path.yml')?.differences.map(({ row }) => row)).toEqual([25]);
  });

  it('tells what has to be mended', () => {
    expect(outcome('automations/broken.yml')).toMatchObject({ outcome: 'refused' });
    expect(outcome('automations/worse.yml')?.reason).toContain('no valid YAML');
    expect(outcome('imports/bad.yml')).toMatchObject({ outcome: 'refused', reason: 'it is no map of keys' });
  });

  it('gathers imports in one file', () => {
    expect(files['apps.yaml']).toBe('crm:\n  app: CRM\n  version: v1\n  config:\n    key: 1\n');
  });

  it('writes rules down with their roles, those of nobody for everyone', () => {
    expect(files['roles.yaml']).toBe(
      [
        'editor:',
        '  title: Editors',
        '  rules:',
        '    - allow:',
        '        - read',
        '        - update',
        '      on:',
        '        - events',
        'everyone:',
        '  rules:',
        '    - allow:',
        '        - read',
        '      on:',
        '        - files',
        "      where: owner = '${user.id}' and public = true",
        '',
      ].join('\n'),
    );
    expect(outcome('security.yml')?.reason).toContain('not taken over: the rule about files');
  });

  it('keeps pages and what it does not know, and skips lists of files', () => {
    expect(files['pages/home.yml']).toBe('blocks: []\n');
    expect(outcome('pages/home.yml')).toMatchObject({ outcome: 'kept, unused', reason: 'pages are kept and not served' });
    expect(outcome('readme.md')).toMatchObject({ outcome: 'kept, unused' });
    expect(files['automations/__index__.yml']).toBeUndefined();
  });

  it('makes automations the check accepts', () => {
    const text = files['automations/score.yaml'] ?? '';
    const workspace = { file: 'workspace.yaml', text: files['workspace.yaml'] ?? '' };
    const problems = check({ workspace, automations: [{ file: 'automations/score.yaml', text }] });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('changes nothing in a workspace of ours: importing again is the identity', () => {
    const again = importArchive(files);
    expect(again.files).toEqual(files);
    expect(again.report.every((entry) => entry.outcome === 'same')).toBe(true);
  });

  it('reads runtime.yml when there are no automations beside it', () => {
    const whole = 'name: W\nautomations: { a: { do: [] } }\nimports: { crm: { appSlug: CRM } }\nauthorizations: { rules: [] }\n';
    const imported = importArchive({ 'runtime.yml': whole });
    expect(Object.keys(imported.files).sort()).toEqual(['apps.yaml', 'automations/a.yaml', 'roles.yaml', 'workspace.yaml']);
    expect(importArchive({ 'runtime.yaml': whole }).files).toEqual(imported.files);
    const bare = importArchive({ 'runtime.yml': 'name: W\nautomations: []\nauthorizations: none\n' });
    expect(Object.keys(bare.files)).toEqual(['workspace.yaml']);
    expect(importArchive({ 'runtime.yml': '[' }).report).toMatchObject([{ file: 'runtime.yml', outcome: 'refused' }]);
    const beside = importArchive({ 'runtime.yml': whole, 'index.yml': 'name: I\n', 'automations/b.yml': 'do: []\n' });
    expect(Object.keys(beside.files).sort()).toEqual(['automations/b.yaml', 'workspace.yaml']);
  });

  it('leaves endpoints alone that say who may call, or that are off', () => {
    const automation = (when: string) => importArchive({ 'index.yml': 'name: W\n', 'automations/a.yml': `when: ${when}\ndo: []\n` });
    expect(automation('{ endpoint: { access: members } }').report.at(-1)).toMatchObject({ outcome: 'same', differences: [] });
    expect(automation('{ endpoint: false }').report.at(-1)).toMatchObject({ outcome: 'same' });
    expect(automation('{ endpoint: { path: x } }').files['automations/a.yaml']).toContain('{ path: x, access: public }');
    expect(automation('{ events: [{ event: x }, 7] }').report.at(-1)?.outcome).toBe('same');
  });

  it('gives native events the names they have here', () => {
    const { files: made } = importArchive({
      'index.yml': 'name: W\n',
      'automations/a.yml': 'when: { events: [workspaces.apps.installed, error, constructor] }\ndo: []\n',
    });
    expect(made['automations/a.yaml']).toContain('[ apps.installed, error, constructor ]');
  });

  it('tells apart files it cannot understand', () => {
    const { report: told, files: made } = importArchive({
      'index.yml': 'name: [\n',
      'automations/a.yml': '- 1\n',
      'security.yml': '- 1\n',
      'imports/x.yml': 'labels: null\n',
    });
    expect(told.map(({ file, outcome: found }) => `${file} ${found}`)).toEqual([
      'index.yml refused',
      'automations/a.yml refused',
      'security.yml refused',
      'imports/x.yml translated',
    ]);
    expect(made['apps.yaml']).toBe('x:\n  app: x\n');
  });

  it('keeps what rules say of actions, subjects and conditions', () => {
    const rules = [
      '- { role: [a, b], action: get_usage, subject: pages }',
      '- { role: a, action: read, inverted: true, conditions: { n: 1, s: "it\'s" }, reason: Because. }',
      '- { action: manage, subject: workspaces, conditions: [1] }',
    ];
    const { files: made } = importArchive({
      'index.yml': 'name: W\nevents: { types: [] }\n',
      'security.yml': `rules:\n${rules.map((rule) => `  ${rule}\n`).join('')}roles: { a: 1 }\n`,
    });
    expect(made['roles.yaml']).toContain("where: n = 1 and s = 'it\\'s'");
    expect(made['roles.yaml']).toContain('reason: Because.');
    expect(made['roles.yaml']).toContain('- aggregate');
    expect(made['roles.yaml']).toContain('deny:');
    expect(made['roles.yaml']).toContain('everyone:');
  });
});
