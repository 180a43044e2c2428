import { fingerprintOf } from '../launch/build.mjs';
import { outputOf } from './command.mjs';

/** Where generated files stand; nothing else stands there. */
const GENERATED = [
  'libs/contracts/src/gen',
  'libs/client/src/gen',
  'apps/gateway/src/interface/http/openapi/gen',
  'apps/gateway/src/interface/http/problems/gen',
  'docs/reference',
  'deploy/nats/gen',
];

/** Generates everything again and says where that made a difference; the new files are left in place. */
export async function staleGeneratedFiles() {
  const before = GENERATED.map((folder) => fingerprintOf([folder]));
  const { code, output } = await outputOf(process.execPath, ['tools/generate/generate.mjs']);
  if (code !== 0) return output;
  const stale = GENERATED.filter((folder, index) => fingerprintOf([folder]) !== before[index]);
  return stale.length === 0
    ? undefined
    : `These were not what their sources generate: ${stale.join(', ')}. They are now; look at them and commit them.`;
}
