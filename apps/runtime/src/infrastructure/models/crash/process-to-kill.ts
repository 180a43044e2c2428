import { writeSync } from 'node:fs';
import { Clock } from '@millrace/kernel';
import { Log } from '@millrace/observability';
import { ModelFolder } from '../model-folder';
import { handedVersion } from '../testing/handed-version';

/** A process that keeps large versions in a folder, one after the other, and names each right before it is written. */
class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

class Silent extends Log {
  override debug(): void {}
  override info(): void {}
  override warn(): void {}
  override error(): void {}
}

const [, , folder = '', round = ''] = process.argv;
const models = new ModelFolder({ folder, most: 1024 ** 3, clock: new SystemClock(), log: new Silent() });
for (let number = 0; ; number += 1) {
  const { digest, files } = handedVersion(`do: [] # ${number} of ${round} ${'.'.repeat(8 * 1024 ** 2)}`);
  writeSync(1, `${digest}\n`);
  models.keep(`ws_${round}`, digest, files);
  await models.close();
}
