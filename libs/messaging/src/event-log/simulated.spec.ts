import { SimulatedWorld } from '@millrace/testing';
import { eventLogContract } from './event-log.contract';

eventLogContract('SimulatedEventLog', async ({ capacity } = {}) => {
  const world = new SimulatedWorld(0, { calm: true, pace: 1, backOff: [1], ...(capacity === undefined ? {} : { capacity }) });
  const beat = setInterval(() => void world.runFor(1), 1);
  let { eventLog } = world.process();
  return {
    log: eventLog,
    reopen: async () => {
      await eventLog.close();
      ({ eventLog } = world.process());
      return eventLog;
    },
    close: async () => {
      await eventLog.close();
      clearInterval(beat);
    },
  };
});
