import { describe, expect, it } from '@jest/globals';
import { concernedBy } from './revocation';

const payload = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('whose rights an event changes', () => {
  it.each(['workspaces.roles.changed', 'workspaces.roles.deleted', 'workspaces.suspended', 'workspaces.deleted'])(
    'everyone by %s',
    (type) => {
      expect(concernedBy(type, payload({}))).toBe('everyone');
    },
  );

  it('the member or the key it names', () => {
    expect(concernedBy('workspaces.members.left', payload({ user: 'ada' }))).toEqual({ kind: 'user', id: 'ada', isNew: false });
    expect(concernedBy('workspaces.members.changed', payload({ user: 'ada' }))).toEqual({ kind: 'user', id: 'ada', isNew: false });
    for (const what of ['changed', 'deleted']) {
      expect(concernedBy(`workspaces.shares.${what}`, payload({ user: 'ada' }))).toEqual({ kind: 'user', id: 'ada', isNew: false });
    }
    expect(concernedBy('workspaces.keys.changed', payload({ key: 'key_1' }))).toEqual({ kind: 'key', id: 'key_1', isNew: false });
  });

  it('those who have just come to belong there', () => {
    expect(concernedBy('workspaces.members.joined', payload({ user: 'ada' }))).toEqual({ kind: 'user', id: 'ada', isNew: true });
  });

  it('everyone when it names nobody', () => {
    expect(concernedBy('workspaces.shares.deleted', payload({ role: 'desk' }))).toBe('everyone');
    expect(concernedBy('workspaces.members.left', payload({ user: 5 }))).toBe('everyone');
    expect(concernedBy('workspaces.members.left', new Uint8Array())).toBe('everyone');
  });

  it.each(['orders.paid', 'workspaces.created', 'workspaces.shares.created'])('nobody by %s', (type) => {
    expect(concernedBy(type, payload({ user: 'ada' }))).toBeUndefined();
  });
});
