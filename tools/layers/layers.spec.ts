import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const LIBS = ['kernel', 'language', 'contracts', 'messaging', 'documents', 'service', 'testing', 'client'];

/** What stands in the house the breaches are planted in; every import here is a lawful one. */
const HOUSE: Record<string, string> = {
  ...Object.fromEntries(LIBS.map((lib) => [`libs/${lib}/src/index.ts`, `export const ${lib} = 1;`])),
  'libs/messaging/src/wire.ts': `import { kernel } from '@millrace/kernel'; export const wire = kernel;`,
  'libs/documents/src/store.ts': `import 'node:sqlite'; import { messaging } from '@millrace/messaging'; export const store = messaging;`,
  'apps/ads/src/domain/offer.ts': `import type { kernel } from '@millrace/kernel'; export type Offer = typeof kernel;`,
  'apps/ads/src/domain/offer.spec.ts': `import { testing } from '@millrace/testing'; import 'lodash'; export const spec = testing;`,
  'apps/ads/src/application/post-offer.ts': `import { documents } from '@millrace/documents'; import type { Offer } from '../domain/offer'; export const post = (o: Offer) => [o, documents];`,
  'apps/ads/src/simulation/play.ts': `import { testing } from '@millrace/testing'; export const play = testing;`,
  'apps/ads/src/infrastructure/mail/mail.ts': `import 'lodash'; import 'node:net'; import { post } from '../../application/post-offer'; export const mail = post;`,
  'apps/ads/src/interface/rpc/offers.ts': `import 'lodash'; import { post } from '../../application/post-offer'; export const offers = post;`,
  'apps/ads/src/ads.module.ts': `import { mail } from './infrastructure/mail/mail'; import { offers } from './interface/rpc/offers'; export const module = [mail, offers];`,
  'apps/ads/src/index.ts': `import { module } from './ads.module'; import { service } from '@millrace/service'; export const ads = [module, service];`,
  'apps/runtime/src/domain/run.ts': `import { language } from '@millrace/language'; export const run = language;`,
  'apps/standalone/src/main.ts': `import { ads } from '@millrace/ads'; import { service } from '@millrace/service'; export const all = [ads, service];`,
  'apps/cli/src/main.ts': `import { client } from '@millrace/client'; import { language } from '@millrace/language'; export const cli = [client, language];`,
};

/** One breach of each kind: the rule that must refuse it, the file it stands in, what it says. */
const BREACHES: ReadonlyArray<readonly [rule: string, file: string, source: string]> = [
  ['domain-is-pure', 'apps/ads/src/domain/package.ts', `import 'lodash';`],
  ['domain-is-pure', 'apps/ads/src/domain/node.ts', `import 'node:crypto';`],
  ['domain-is-pure', 'apps/ads/src/domain/outward.ts', `import '../application/post-offer';`],
  [
    'domain-is-pure',
    'apps/ads/src/domain/type-only.ts',
    `import type { documents } from '@millrace/documents'; export type D = typeof documents;`,
  ],
  ['domain-is-pure', 'apps/ads/src/domain/language.ts', `import '@millrace/language';`],
  ['domain-of-runtime-is-pure', 'apps/runtime/src/domain/package.ts', `import 'lodash';`],
  ['application-knows-ports-only', 'apps/ads/src/application/package.ts', `import 'lodash';`],
  ['application-knows-ports-only', 'apps/ads/src/application/node.ts', `import 'node:fs';`],
  ['application-knows-ports-only', 'apps/ads/src/application/adapter.ts', `import '../infrastructure/mail/mail';`],
  ['application-knows-ports-only', 'apps/ads/src/application/contracts.ts', `import '@millrace/contracts';`],
  ['infrastructure-is-called-out', 'apps/ads/src/infrastructure/mail/inward.ts', `import '../../interface/rpc/offers';`],
  ['interface-calls-in', 'apps/ads/src/interface/rpc/adapter.ts', `import '../../infrastructure/mail/mail';`],
  ['interface-calls-in', 'apps/ads/src/interface/rpc/domain.ts', `import type { Offer } from '../../domain/offer'; export type O = Offer;`],
  ['no-service-imports-another', 'apps/runtime/src/neighbour.ts', `import '@millrace/ads';`],
  ['no-service-imports-another', 'apps/runtime/src/type-only.ts', `import type { ads } from '@millrace/ads'; export type A = typeof ads;`],
  ['standalone-composes-only', 'apps/standalone/src/inside.ts', `import '../../ads/src/ads.module';`],
  ['standalone-composes-only', 'apps/standalone/src/lib.ts', `import '@millrace/documents';`],
  ['clients-know-the-public-api', 'apps/cli/src/lib.ts', `import '@millrace/documents';`],
  ['lib-kernel-looks-down', 'libs/kernel/src/up.ts', `import '@millrace/contracts';`],
  ['lib-contracts-looks-down', 'libs/contracts/src/beside.ts', `import '@millrace/language';`],
  [
    'lib-messaging-looks-down',
    'libs/messaging/src/up.ts',
    `import type { documents } from '@millrace/documents'; export type D = typeof documents;`,
  ],
  ['lib-client-stands-alone', 'libs/client/src/lib.ts', `import '@millrace/messaging';`],
  ['no-lib-imports-an-app', 'libs/service/src/app.ts', `import '@millrace/ads';`],
  ['kernel-is-pure', 'libs/kernel/src/node.ts', `import 'node:crypto';`],
  ['language-is-pure', 'libs/language/src/node.ts', `import 'node:fs';`],
  ['no-deep-import', 'libs/documents/src/deep.ts', `import '../../messaging/src/wire';`],
  ['no-deep-import', 'apps/ads/src/deep.ts', `import type { wire } from '../../../libs/messaging/src/wire'; export type W = typeof wire;`],
  ['testing-is-for-tests', 'apps/ads/src/tested.ts', `import '@millrace/testing';`],
  ['simulation-is-for-tests', 'apps/ads/src/simulated.ts', `import './simulation/play';`],
  ['no-cycle', 'apps/ads/src/ring-a.ts', `import { b } from './ring-b'; export const a = () => b;`],
  ['no-unknown-import', 'apps/ads/src/missing.ts', `import './nowhere';`],
  ['no-undeclared-package', 'apps/ads/src/undeclared.ts', `import 'undeclared';`],
  ['no-dev-package-in-product', 'apps/ads/src/dev.ts', `import 'dev-only';`],
];

/** The lawful-looking half of the planted cycle. */
const OTHER_HALF = { file: 'apps/ads/src/ring-b.ts', source: `import { a } from './ring-a'; export const b = () => a;` };

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe('the layers', () => {
  const root = resolve(import.meta.dirname, '../..');
  const house = mkdtempSync(join(tmpdir(), 'millrace-layers-'));
  const refused = new Set<string>();

  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), text);
  };

  beforeAll(() => {
    for (const [file, source] of Object.entries(HOUSE)) put(file, source);
    for (const [, file, source] of BREACHES) put(file, source);
    put(OTHER_HALF.file, OTHER_HALF.source);
    for (const name of ['lodash', 'dev-only', 'undeclared']) {
      put(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      put(`node_modules/${name}/index.js`, '');
    }
    put('package.json', JSON.stringify({ dependencies: { lodash: '1' }, devDependencies: { 'dev-only': '1' } }));
    const paths = { '@millrace/ads': ['./apps/ads/src/index.ts'], '@millrace/*': ['./libs/*/src/index.ts'] };
    put('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'ESNext', moduleResolution: 'bundler', paths } }));
    copyFileSync(join(root, '.dependency-cruiser.mjs'), join(house, '.dependency-cruiser.mjs'));
    for (const { from, rule } of cruise(root, house)) refused.add(`${rule.name} ${from}`);
  }, 60_000);

  afterAll(() => rmSync(house, { recursive: true }));

  it.each(BREACHES)('refuse by %s what stands in %s', (rule, file) => {
    expect(refused).toContain(`${rule} ${file}`);
  });

  it('refuse nothing that is lawful', () => {
    const lawful = Object.keys(HOUSE);
    expect([...refused].filter((breach) => lawful.some((file) => breach.endsWith(` ${file}`)))).toEqual([]);
  });
});

/** The breaches that dependency-cruiser finds in a tree, with this repository's rules. */
function cruise(root: string, tree: string): readonly Violation[] {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'libs'];
  const output = execFileSync(process.execPath, args, { cwd: tree, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
}
