import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainError } from '@millrace/kernel';
import { VirtualTime } from '@millrace/testing';
import type { News } from '../ports/outlet';
import { Expiry } from './expiry';

const NOW = 1_000_000;
const HOUR = 3_600_000;

describe('a connection', () => {
  let time: VirtualTime;
  let expiry: Expiry;
  let heard: string[];

  beforeEach(() => {
    time = new VirtualTime(NOW);
    heard = [];
    const tell = (news: News): void => void heard.push(`${news.kind} at ${time.now() - NOW}`);
    const end = ({ code }: DomainError): void => void heard.push(`${code} at ${time.now() - NOW}`);
    expiry = new Expiry({ tell, end }, { clock: time, alarms: time });
  });

  it('is told a minute before its credential ends, and ends half a minute after that did', async () => {
    expiry.watch(NOW + HOUR);
    await time.advance(2 * HOUR);
    expect(heard).toEqual([`auth.expiring at ${HOUR - 60_000}`, `events.sign_in_over at ${HOUR + 30_000}`]);
  });

  it('says when', () => {
    const told: News[] = [];
    new Expiry({ tell: (news) => void told.push(news), end: () => undefined }, { clock: time, alarms: time }).watch(NOW);
    return time.advance(0).then(() => expect(told).toEqual([{ kind: 'auth.expiring', expiresAt: '1970-01-01T00:16:40.000Z' }]));
  });

  it('is told at once of an end that is near', async () => {
    expiry.watch(NOW + 10_000);
    await time.advance(0);
    expect(heard).toEqual(['auth.expiring at 0']);
  });

  it('stays when it got another credential in time, be it in the half minute after', async () => {
    expiry.watch(NOW + HOUR);
    await time.advance(HOUR + 29_999);
    expiry.watch(NOW + 3 * HOUR);
    await time.advance(HOUR / 2);
    expect(heard).toEqual([`auth.expiring at ${HOUR - 60_000}`]);
  });

  it('stays with one that does not end, and is left alone when it has gone', async () => {
    expiry.watch(undefined);
    await time.advance(1_000 * HOUR);
    expiry.watch(time.now() + HOUR);
    expiry.stop();
    await time.advance(2 * HOUR);
    expect([heard, time.pending()]).toEqual([[], 0]);
  });
});
