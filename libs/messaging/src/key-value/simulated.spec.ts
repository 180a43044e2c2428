import { SimulatedWorld } from '@millrace/testing';
import { keyValueContract } from './key-value.contract';

keyValueContract('SimulatedKeyValue', async () => {
  const world = new SimulatedWorld(0, { calm: true, pace: 1 });
  const beat = setInterval(() => void world.runFor(1), 1);
  let { keyValue } = world.process();
  return {
    store: keyValue,
    reopen: async () => {
      await keyValue.close();
      ({ keyValue } = world.process());
      return keyValue;
    },
    close: async () => {
      await keyValue.close();
      clearInterval(beat);
    },
  };
});
