import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { EventsService } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { decodeMessage, encodeMessage } from './long-messages';

const { input: EMIT } = EventsService.method.emitEvents;
const { output: EVENTS } = EventsService.method.listEvents;

/** With so many events of a hundred bytes. */
const answerOf = (count: number) => ({
  items: Array.from({ length: count }, (_, at) => ({ id: `evt_${at}`, type: 'a.b', payload: new Uint8Array(100).fill(at % 256) })),
  nextCursor: 'next',
  count: 7,
});

describe('messages', () => {
  it.each([0, 1, 16, 17, 200])('with %i items are what they are when written and read at once', async (count) => {
    const whole = create(EVENTS, answerOf(count));
    const written = await encodeMessage(EVENTS, answerOf(count));
    expect(fromBinary(EVENTS, written)).toEqual(whole);
    expect(await decodeMessage(EVENTS, toBinary(EVENTS, whole))).toEqual(whole);
    expect(await decodeMessage(EVENTS, written)).toEqual(whole);
  });

  it('may be given as a message that is made already', async () => {
    const made = create(EVENTS, answerOf(40));
    expect(fromBinary(EVENTS, await encodeMessage(EVENTS, made))).toEqual(made);
    expect(made.items).toHaveLength(40);
  });

  it('may have one field that is longer than all else', async () => {
    const whole = create(EMIT, { workspaceId: 'ws_1', idempotencyKey: 'k'.repeat(50_000), events: [{ type: 'a' }] });
    expect(await decodeMessage(EMIT, toBinary(EMIT, whole))).toEqual(whole);
  });

  it('that are cut off are refused', async () => {
    const bytes = toBinary(EVENTS, create(EVENTS, answerOf(200)));
    await expect(decodeMessage(EVENTS, bytes.subarray(0, -1))).rejects.toThrow('premature EOF');
  });

  it('that are long let others have their turn', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const bytes = await encodeMessage(EVENTS, answerOf(17));
    const written = turns;
    await decodeMessage(EVENTS, await encodeMessage(EVENTS, answerOf(200)));
    clearImmediate(next);
    expect(bytes.length).toBeGreaterThan(17 * 100);
    expect(written).toBeGreaterThan(0);
    expect(turns).toBeGreaterThan(written + 1);
  });
});
