import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InHand, type Held } from './in-hand';

describe('what is in hand', () => {
  it('is what was taken and has not left, the newest first, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('add' as const), fc.nat(20))), (steps) => {
        const inHand = new InHand<{ readonly nth: number }>();
        const held: { readonly nth: number; readonly held: Held }[] = [];
        let expected: number[] = [];
        for (const [nth, step] of steps.entries()) {
          if (step === 'add') {
            held.push({ nth, held: inHand.add({ nth }) });
            expected = [nth, ...expected];
          } else {
            const one = held[step % Math.max(1, held.length)];
            one?.held.leave();
            expected = expected.filter((each) => each !== one?.nth);
          }
          expect(inHand.all().map((each) => each.nth)).toEqual(expected);
          expect(inHand.size).toBe(expected.length);
        }
      }),
    );
  });

  it('is told as it was when somebody leaves meanwhile', () => {
    const inHand = new InHand<object>();
    const held = [{}, {}, {}].map((item) => inHand.add(item));
    const found = inHand.all();
    for (const one of held) one.leave();
    expect(found).toHaveLength(3);
    expect(inHand.all()).toEqual([]);
  });
});
