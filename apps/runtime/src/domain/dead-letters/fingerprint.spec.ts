import { describe, expect, it } from '@jest/globals';
import { Ids } from '@millrace/kernel';
import { automationIn, faultOf, fingerprintOf, normalised } from './fingerprint';

class JoinedIds extends Ids {
  override mint(): string {
    return 'minted';
  }
  override derive(prefix: string, ...names: readonly string[]): string {
    return [prefix, ...names].join('|');
  }
}

describe('what dead letters have in common', () => {
  it('is what is wrong, without what differs from time to time', () => {
    const uuid = '0190b6e2-7c1e-7abc-8def-0123456789ab';
    expect(normalised('kv.revision_conflict: "run_1" in "runs" changed  meanwhile after 31 ms')).toBe(
      'kv.revision_conflict: … in … changed meanwhile after # ms',
    );
    expect(normalised(`run_01jd00000000000000000000ab, ${uuid}, deadbeefdeadbeef, 'x', \`y\``)).toBe('#, #, #, …, …');
    expect(normalised('x'.repeat(1000))).toHaveLength(300);
  });

  it('is of one automation, or of events of one type when no run was it', () => {
    const ids = new JoinedIds();
    expect(automationIn(faultOf('shop/pay', 'gone'))).toBe('shop/pay');
    expect(automationIn('gone')).toBe('');
    expect(fingerprintOf({ reason: faultOf('pay', 'gone 3'), type: 'a.b' }, ids)).toBe('flt|automation pay|gone #');
    expect(fingerprintOf({ reason: 'gone 4', type: 'a.b' }, ids)).toBe('flt|event a.b|gone #');
  });
});
