import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { PinoLog } from '@millrace/observability';
import { stackSetting } from '@millrace/testing';
import { offer, OFFERS, told } from '../../contract/offers';
import { MemoryLog } from '../../relay/memory-log';
import { OutboxRelay } from '../../relay/outbox-relay';
import { MongoDocuments } from '../mongo-documents';
import { scratchDatabase, type ScratchDatabase } from '../scratch-database';

class MachineClock extends Clock {
  now(): number {
    return Date.now();
  }
}

interface Process {
  readonly documents: MongoDocuments;
  readonly relay: OutboxRelay;
}

describe('two relays of one service', () => {
  let scratch: ScratchDatabase;
  let log: MemoryLog;
  let running: Process[];

  const begin = async (): Promise<Process> => {
    const documents = await MongoDocuments.open({ ...scratch, lease: 1_000 });
    const relay = new OutboxRelay(documents.outbox, log, { clock: new MachineClock(), log: new PinoLog('spec', 'fatal') });
    relay.start();
    const process = { documents, relay };
    running.push(process);
    return process;
  };

  const end = async (process: Process): Promise<void> => {
    running = running.filter((other) => other !== process);
    await process.relay.stop();
    await process.documents.close();
  };

  beforeEach(() => {
    scratch = scratchDatabase(stackSetting('MILLRACE_MONGODB_URL'));
    log = new MemoryLog();
    running = [];
  });

  afterEach(async () => {
    for (const process of running) await end(process);
    await scratch.remove();
  });

  const sent = (): readonly string[] => log.calls.flatMap(({ ids }) => ids);

  it('send each event once, those of one document in the order of its changes, whoever made them', async () => {
    const both = [await begin(), await begin()];
    const [here, there] = await Promise.all(both.map(({ documents }) => documents.collection(OFFERS)));
    if (here === undefined || there === undefined) throw new Error('Two were opened.');
    for (const id of ['a', 'b', 'c']) await here.insert(offer(id), [told(`${id} 1`)]);
    const change = (id: string, at: number) =>
      (at % 2 === 0 ? here : there).update(id, (document, revision) => ({
        document: { ...document, pay: revision },
        events: [told(`${id} ${revision + 1}`)],
      }));
    await Promise.all(Array.from({ length: 40 }, (_, at) => ['a', 'b', 'c'].map((id) => change(id, at))).flat());
    await Promise.all(both.map(({ relay }) => relay.drain()));
    for (const id of ['a', 'b', 'c']) {
      const expected = Array.from({ length: 41 }, (_, at) => `${id} ${at + 1}`);
      expect(log.events.map((event) => event.id).filter((each) => each.startsWith(id))).toEqual(expected);
    }
    expect(sent()).toHaveLength(123);
    expect(await both[0]?.documents.outbox.pending(1)).toEqual([]);
  });

  it('go on as one when the other ends, with the position from before the first attempt', async () => {
    log.others = 40;
    const first = await begin();
    await (await first.documents.collection(OFFERS)).insert(offer('a'), [told('e1')]);
    await first.relay.drain();
    const second = await begin();
    const offers = await second.documents.collection(OFFERS);
    log.state = 'deaf';
    const failed = until(() => log.calls.length > 1, log);
    await offers.insert(offer('b'), [told('e2')]);
    await failed;
    await end(first);
    log.state = 'up';
    await second.relay.drain();
    expect(log.events.map(({ id }) => id)).toEqual(['e1', 'e2']);
    expect(log.calls.at(-1)).toEqual({ ids: ['e2'], since: { epoch: 'e1', offset: 41n } });
  });

  it('wait for each other: who writes and is not in office drains, too', async () => {
    await begin();
    const second = await begin();
    const offers = await second.documents.collection(OFFERS);
    await offers.insert(offer('a'), [told('e1')]);
    await second.relay.drain();
    expect(sent()).toEqual(['e1']);
  });
});

/** Resolves when an append made it so. */
function until(done: () => boolean, log: MemoryLog): Promise<void> {
  return new Promise((resolve) => {
    log.onAppend = () => {
      if (done()) resolve();
    };
  });
}
