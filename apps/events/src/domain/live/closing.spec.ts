import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { closes, closingOf } from './closing';

const told = (type: string, payload: object, workspaceId = 'platform') =>
  closingOf({ workspaceId, type, payload: new TextEncoder().encode(JSON.stringify(payload)) });
const ada: Principal = { kind: 'user', id: 'ada', roles: [], session: 'sid_1' };
const key: Principal = { kind: 'key', id: 'key_1', roles: [], workspace: 'ws_1' };

const isOver = (event: ReturnType<typeof told>, principal: Principal): boolean => event !== undefined && closes(event, principal);

describe('whose time an event ends', () => {
  it('those of a session, by either of its names', () => {
    for (const payload of [{ session: 'sid_1' }, { signIn: 'sid_1', user: 'ben' }, { session: 'x', signIn: 'sid_1' }]) {
      expect(isOver(told('gateway.sessions.closed', payload), ada)).toBe(true);
    }
    expect(isOver(told('gateway.sessions.closed', { session: 'sid_2', user: 'ada' }), ada)).toBe(false);
  });

  it('a person, wherever they are signed in', () => {
    expect(isOver(told('gateway.sessions.closed', { user: 'ada' }), ada)).toBe(true);
    expect(isOver(told('gateway.users.deleted', { user: 'ada' }), ada)).toBe(true);
    expect(isOver(told('gateway.users.deleted', { user: 'ada' }), { ...ada, id: 'ben' })).toBe(false);
    expect(isOver(told('gateway.users.deleted', { user: 'key_1' }), key)).toBe(false);
  });

  it('who came with a token or a key', () => {
    expect(isOver(told('workspaces.tokens.revoked', { token: 'sid_1', user: 'ada' }), ada)).toBe(true);
    expect(isOver(told('workspaces.tokens.revoked', { token: 'tok_2', user: 'ada' }), ada)).toBe(false);
    expect(isOver(told('workspaces.keys.revoked', { key: 'key_1' }, 'ws_1'), key)).toBe(true);
    expect(isOver(told('workspaces.keys.revoked', { key: 'ada' }, 'ws_1'), ada)).toBe(false);
    expect(isOver(told('workspaces.keys.rotated', { key: 'key_1' }, 'ws_1'), key)).toBe(true);
  });

  it('neither a service nor an automation, whatever it is called', () => {
    for (const kind of ['service', 'automation'] as const) {
      expect(isOver(told('gateway.users.deleted', { user: 'ada' }), { kind, id: 'ada', roles: [] })).toBe(false);
    }
  });

  it('nobody when it is unreadable', () => {
    const closing = closingOf({ workspaceId: 'platform', type: 'gateway.sessions.closed', payload: new Uint8Array([255]) });
    expect(isOver(closing, ada)).toBe(false);
  });

  it('nobody when it names nobody', () => {
    for (const type of ['gateway.sessions.closed', 'gateway.users.deleted', 'workspaces.tokens.revoked', 'workspaces.keys.revoked']) {
      for (const payload of [{}, { user: 1, session: 2, token: {}, key: [] }]) {
        expect(isOver(told(type, payload), { ...ada, session: 'undefined' })).toBe(false);
      }
      expect(isOver(told(type, {}), { kind: 'key', id: 'k', roles: [] })).toBe(false);
    }
  });

  it('nobody of the platform when another than the platform says so', () => {
    for (const type of ['gateway.sessions.closed', 'gateway.users.deleted', 'workspaces.tokens.revoked']) {
      expect(told(type, { user: 'ada', session: 'sid_1', token: 'sid_1' }, 'ws_1')).toBeUndefined();
    }
    expect(told('orders.paid', { user: 'ada' })).toBeUndefined();
  });
});
