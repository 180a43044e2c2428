import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { warnOfFault } from '../../../faults';
import { LANES } from '../../lane';
import { LogFixtures } from '../log-fixtures';
import { Line } from '../server/line';
import { Members } from './members';

describe('Members', () => {
  const fixtures = new LogFixtures(process.env['MILLRACE_NATS_URL']);
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  let lines: Line[];
  let members: Members[];
  let subject: string;
  let onChange: () => void;

  beforeEach(() => {
    [lines, members, subject, onChange] = [[], [], fixtures.prefix(), () => undefined];
  });

  afterEach(async () => {
    members.forEach((member) => member.stop());
    await Promise.all(lines.map((line) => line.close()));
  });

  const join = async (): Promise<Members> => {
    const line = await Line.open({ servers: fixtures.servers }, warnOfFault);
    lines.push(line);
    const member = new Members(line, subject, () => onChange());
    members.push(member);
    return member;
  };
  /** How many should have each lane, when that is one for each. */
  const untilShared = async (): Promise<void> => {
    while (!lanes.every((lane) => members.filter((member) => member.shouldHave(lane)).length === 1)) {
      await new Promise<void>((resolve) => (onChange = resolve));
    }
  };
  const shareOf = (member: Members): readonly number[] => lanes.filter((lane) => member.shouldHave(lane));

  it('has every lane alone, and shares them with whoever comes', async () => {
    const first = await join();
    expect(shareOf(first)).toEqual(lanes);
    await join();
    await join();
    await untilShared();
    for (const member of members) expect(shareOf(member).length).toBeGreaterThan(LANES / 10);
  });

  it('gives the lanes of one that goes to the others, and moves no other lane', async () => {
    const [first, second, third] = [await join(), await join(), await join()];
    await untilShared();
    const before = [shareOf(first), shareOf(second)];
    third.stop();
    members = [first, second];
    await untilShared();
    for (const [index, member] of members.entries()) expect(shareOf(member)).toEqual(expect.arrayContaining([...(before[index] ?? [])]));
  });
});
