import { describe, expect, it } from '@jest/globals';
import { isEventPattern, isEventType, isNativeType } from './event-names';

describe('event names', () => {
  it.each(['order', 'orders.order.paid', 'crm.contact-created', 'a.b.c.d.e.f.g.h', 'Orders.Paid_2', `x.${'y'.repeat(40)}`])(
    'takes %s',
    (type) => {
      expect(isEventType(type)).toBe(true);
    },
  );

  it.each([
    '',
    '.',
    'orders.',
    '.orders',
    'orders..paid',
    'orders.*',
    'orders.>',
    'orders paid',
    '-orders',
    'örders',
    'a.b.c.d.e.f.g.h.i',
    'y'.repeat(41),
    Array.from({ length: 4 }, () => 'y'.repeat(30)).join('.'),
  ])('refuses %j', (type) => {
    expect(isEventType(type)).toBe(false);
  });

  it.each(['orders.paid', '*', '>', 'orders.>', '*.paid', 'orders.*.paid', '*.>'])('takes %s as a pattern', (pattern) => {
    expect(isEventPattern(pattern)).toBe(true);
  });

  it.each(['', 'orders.>.paid', 'orders.p*', '**', 'a.b.c.d.e.f.g.h.>', 'y'.repeat(121)])('refuses the pattern %j', (pattern) => {
    expect(isEventPattern(pattern)).toBe(false);
  });

  it.each(['workspaces.created', 'runtime.runs.started', 'notification', 'notification.messages.sent', 'system.x', 'error'])(
    'keeps %s for its service',
    (type) => {
      expect(isNativeType(type)).toBe(true);
      expect(isNativeType(type, 'automation')).toBe(true);
    },
  );

  it.each(['orders.paid', 'error.shown', 'eventsx.created', 'my.workspaces.created', 'errors'])('leaves %s to anyone', (type) => {
    expect(isNativeType(type)).toBe(false);
  });

  it('lets automations, and no one else, request a notification', () => {
    expect(isNativeType('notification.requested', 'automation')).toBe(false);
    expect(isNativeType('notification.requested', 'user')).toBe(true);
    expect(isNativeType('notification.requested')).toBe(true);
  });
});
