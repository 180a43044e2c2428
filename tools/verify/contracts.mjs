import { command, first } from './command.mjs';

const BUF = 'node_modules/.bin/buf';
/** The contracts as last released and as they are now, as buf images: they are read without git and without a network. */
const RELEASED = 'proto/released.binpb';
const NOW = '.cache/contracts.binpb';

/** What would break a caller of the released contracts. */
export async function breakingContracts() {
  const breaks = await first(
    command(BUF, 'build', '--exclude-source-info', '-o', NOW),
    command(BUF, 'breaking', NOW, '--against', RELEASED, '--exclude-imports'),
  );
  if (breaks === undefined) return undefined;
  return `${breaks}\nContracts only grow: keep the old name and number, or give the service a new version (CONTRIBUTING.md, "Contracts").`;
}

/** What would break a caller of the released API over HTTP: routes, checks, permissions and answers, which buf does not see. */
export const breakingApi = command(process.execPath, '--import', './tools/generate/typescript-sources.mjs', 'tools/verify/api/compare.mjs');
