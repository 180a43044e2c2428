import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stackSetting } from '@millrace/testing';
import { told } from '../contract/offers';
import { placeOf, type Kept, type KeptDocuments, type State } from './kept';
import { MongoOutbox } from './outbox/mongo-outbox';
import { scratchDatabase, type ScratchDatabase } from './scratch-database';
import { Server } from './server';
import { Writes } from './writes';

const state = (body: string): State => ({ body, index: {}, shape: '[]' });

describe('Writes', () => {
  let scratch: ScratchDatabase;
  let server: Server;
  let kept: KeptDocuments;
  let outbox: MongoOutbox;
  let writes: Writes;

  beforeEach(async () => {
    scratch = scratchDatabase(stackSetting('MILLRACE_MONGODB_URL'));
    server = await Server.connect({ ...scratch, patience: 5_000 });
    kept = server.collection<Kept>(placeOf('offers'));
    outbox = new MongoOutbox(server, 5_000);
    writes = new Writes(kept, outbox);
  });

  afterEach(async () => {
    await server.close(() => outbox.close());
    await scratch.remove();
  });

  const read = async (): Promise<Kept> => {
    const found = await kept.findOne({ _id: 'a' });
    if (found === null) throw new Error('It is there.');
    return found;
  };
  const events = async (): Promise<readonly string[]> => (await outbox.pending(9)).map(({ event }) => event.id);

  it('saves over the state that was read, and over no other', async () => {
    await writes.create('a', state('1'), []);
    const there = await read();
    expect(await writes.replace(there, state('2'), 2, [told('e1')])).toBe('saved');
    expect(await writes.replace(there, state('3'), 2, [told('e2')])).toBe('late');
    expect(await writes.remove(there, [told('e3')])).toBe('late');
    expect(await writes.remove(there, [])).toBe('late');
    expect(await read()).toMatchObject({ body: '2', revision: 2 });
    expect(await events()).toEqual(['e1']);
  });

  it('does not take a document that came again, with the same revision, for the one that was read', async () => {
    await writes.create('a', state('1'), [told('e1')]);
    const there = await read();
    await writes.remove(there, [told('e2')]);
    await writes.replace(await read(), state('1'), 1, [told('e3')]);
    expect(await writes.replace(there, state('2'), 2, [told('e4')])).toBe('late');
    expect(await read()).toMatchObject({ body: '1', revision: 1 });
    expect(await events()).toEqual(['e1', 'e2', 'e3']);
  });

  it('creates what is not there, once', async () => {
    expect(await writes.create('a', state('1'), [])).toBe('saved');
    expect(await writes.create('a', state('2'), [told('e1')])).toBe('taken');
    expect(await events()).toEqual([]);
  });

  it('keeps a document that is gone as long as something of it is to be told', async () => {
    await writes.create('a', state('1'), [told('e1')]);
    await writes.remove(await read(), []);
    expect(await read()).not.toHaveProperty('body');
    await outbox.done(
      (await outbox.pending(9)).map(({ id }) => id),
      { epoch: 'e', offset: 1n },
    );
    expect(await kept.findOne({ _id: 'a' })).toBeNull();
  });

  it('finds what is to be told of a document in the order of its numbers, though others were told out of order', async () => {
    await writes.create('a', state('1'), [told('e1'), told('e2')]);
    await writes.create('b', state('1'), [told('e3')]);
    await writes.replace(await read(), state('2'), 2, [told('e4')]);
    const [first, second] = await outbox.pending(9);
    await outbox.done([first?.id ?? '', second?.id ?? ''], { epoch: 'e', offset: 1n });
    expect((await outbox.pending(1)).map(({ event }) => event.id)).toEqual(['e3']);
    expect(await events()).toEqual(['e3', 'e4']);
  });
});
