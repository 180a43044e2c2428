import { describe, expect, it } from '@jest/globals';
import { changeWorkspace, createWorkspace, slugFrom } from './workspace';

const hello = createWorkspace('ws_1', 'ada', { name: 'Hello' }, 1_000);

describe('a workspace', () => {
  it('is made active, with a slug from its name unless one is given', () => {
    expect(hello).toMatchObject({ slug: 'hello', state: 'active', owner: 'ada', description: '', createdAt: 1_000, updatedAt: 1_000 });
    expect(createWorkspace('ws_1', 'ada', { name: 'Hello', slug: 'other', description: 'd' }, 0)).toMatchObject({
      slug: 'other',
      description: 'd',
    });
  });

  it('tells which fields a change changed', () => {
    const { workspace, changed } = changeWorkspace(hello, { name: 'Hi', slug: 'hello' }, { by: 'bob', at: 2_000 });
    expect(changed).toEqual(['name']);
    expect(workspace).toMatchObject({ name: 'Hi', slug: 'hello', updatedAt: 2_000, updatedBy: 'bob' });
  });

  it('stays as it was when a change changes nothing', () => {
    const change = { by: 'bob', at: 2_000 };
    expect(changeWorkspace(hello, { name: 'Hello' }, change)).toEqual({ workspace: hello, changed: [] });
    const open = changeWorkspace(hello, { allowedOrigins: ['https://a.test'] }, change).workspace;
    expect(changeWorkspace(open, { allowedOrigins: ['https://a.test'] }, change)).toEqual({ workspace: open, changed: [] });
    expect(changeWorkspace(hello, { egress: [], listed: false, zone: '', locale: '' }, change)).toEqual({ workspace: hello, changed: [] });
    expect(changeWorkspace(hello, { egress: ['a.test'], listed: true }, change).changed).toEqual(['egress', 'listed']);
  });
});

describe('a slug from a name', () => {
  it.each([
    ['Hôtel du Lac', 'hotel-du-lac'],
    ['  24/7 Support -- EU ', 'support-eu'],
    ['x'.repeat(60), 'x'.repeat(40)],
    [`${'ab '.repeat(13)}cd`, `${'ab-'.repeat(13)}c`],
  ])('of %p is %p', (name, slug) => {
    expect(slugFrom(name)).toBe(slug);
  });

  it.each(['日本', '7', 'ab'])('cannot be made from %p, and the refusal asks for one', (name) => {
    expect(() => slugFrom(name)).toThrow(
      expect.objectContaining({ code: 'workspaces.slug_missing', errors: [expect.objectContaining({ pointer: '/slug' })] }),
    );
  });
});
