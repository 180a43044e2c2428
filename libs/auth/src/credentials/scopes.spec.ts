import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { demandScope, isScope } from './scopes';

const holder = (...scopes: string[]): Principal => ({ kind: 'user', id: 'ada', roles: [], scopes });

describe('a scope', () => {
  it.each(['read:events', 'manage:*', '*:*', '*:automations', 'execute:refund:automations', 'read:me', 'read:event-types'])(
    'may be %s',
    (text) => {
      expect(isScope(text)).toBe(true);
    },
  );

  it.each([
    '',
    ':',
    'read',
    'read:',
    ':events',
    'fly:events',
    'read:moon',
    'read:x:events',
    'READ:events',
    'read:events:',
    'a:b:c:d',
    'read: events',
  ])('is not %j', (text) => {
    expect(isScope(text)).toBe(false);
  });

  it('lets pass what it names, and all of it when it says so', () => {
    for (const [scope, action, subject] of [
      ['read:events', 'read', 'events'],
      ['manage:events', 'read', 'events'],
      ['*:events', 'create', 'events'],
      ['read:*', 'read', 'runs'],
      ['*:*', 'manage', 'keys'],
      ['execute:automations', 'execute:refund', 'automations'],
    ] as const) {
      expect(() => demandScope(holder(scope), action, subject)).not.toThrow();
    }
    expect(() => demandScope({ kind: 'user', id: 'ada', roles: [] }, 'manage', 'keys')).not.toThrow();
  });

  it('is named by the refusal when it is missing', () => {
    for (const scopes of [[], ['create:events'], ['read:runs'], ['read:me']]) {
      expect(() => demandScope(holder(...scopes), 'read', 'events')).toThrow(
        expect.objectContaining({ code: 'auth.scope_missing', refusal: 'forbidden', facts: { scope: 'read:events', scopes } }),
      );
    }
    expect(() => demandScope(holder('read:keys', 'create:keys'), 'manage', 'keys')).toThrow(/"manage:keys"/);
  });

  it('of one’s own is a scope like others', () => {
    expect(() => demandScope(holder('read:me'), 'read', 'me')).not.toThrow();
    expect(() => demandScope(holder('*:*'), 'manage', 'me')).not.toThrow();
    expect(() => demandScope(holder('read:me'), 'manage', 'me')).toThrow(/"manage:me"/);
    expect(() => demandScope(holder('read:events'), 'read', 'me')).toThrow(/"read:me"/);
  });
});
