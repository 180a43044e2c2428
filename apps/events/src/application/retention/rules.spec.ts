import { describe, expect, it } from '@jest/globals';
import { compileFilter } from '@millrace/language';
import fc from 'fast-check';
import { expired, isExpired, keptSince, type RetentionRule } from './rules';

const DAY = 86_400_000;
const NOW = 2_000 * DAY;
const at = (type: string, days: number) => ({ type, time: NOW - days * DAY });

const patterns = fc.constantFrom('orders.>', 'orders.paid', '*.paid', '>', 'workspaces.>', 'guests.*');
const types = fc.constantFrom('orders.paid', 'orders.web.paid', 'guests.paid', 'workspaces.created', 'keys.users.erased', 'other');
const rules: fc.Arbitrary<readonly RetentionRule[]> = fc.array(
  fc.record({ types: fc.array(patterns, { minLength: 1, maxLength: 3 }), days: fc.constantFrom(1, 30, 400, 1_826) }),
  { maxLength: 4 },
);
const ages = fc.constantFrom(0, 1, 2, 29, 30, 179, 180, 181, 399, 400, 1_826, 1_900);

describe('what is kept no longer', () => {
  it('goes by the first rule that fits, else by the default; the audit by neither', () => {
    const kept: readonly RetentionRule[] = [
      { types: ['orders.paid'], days: 400 },
      { types: ['orders.>', 'workspaces.>'], days: 2 },
    ];
    expect([at('orders.paid', 399), at('orders.paid', 400)].map((event) => isExpired(kept, event, NOW))).toEqual([false, true]);
    expect([at('orders.sent', 1), at('orders.sent', 3)].map((event) => isExpired(kept, event, NOW))).toEqual([false, true]);
    expect([at('guests.came', 179), at('guests.came', 180)].map((event) => isExpired(kept, event, NOW))).toEqual([false, true]);
    expect([at('workspaces.created', 900), at('workspaces.created', 1_826)].map((event) => isExpired(kept, event, NOW))).toEqual([
      false,
      true,
    ]);
  });

  it.each(['published', 'updated', 'deprecated', 'withdrawn', 'installed', 'upgraded', 'removed'])('is not that an app was %s', (deed) => {
    const all: readonly RetentionRule[] = [{ types: ['>'], days: 1 }];
    expect([at(`apps.${deed}`, 900), at('apps.seen', 900)].map((event) => isExpired(all, event, NOW))).toEqual([false, true]);
  });

  it('is the same as a filter and for one event, and nothing younger than what is kept shortest', () => {
    fc.assert(
      fc.property(rules, types, ages, (drawn, type, days) => {
        const event = at(type, days);
        const fits = compileFilter(expired(drawn, NOW))({ type, time: new Date(event.time).toISOString() });
        expect(fits).toBe(isExpired(drawn, event, NOW));
        if (event.time > keptSince(drawn, NOW)) expect(fits).toBe(false);
      }),
    );
  });
});
