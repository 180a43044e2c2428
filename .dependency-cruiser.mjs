// Who may import whom: docs/adr and the shared table of the house, as rules. `npm run check` refuses a breach by the rule's name;
// tools/layers/layers.spec.ts plants one of each kind and sees it refused. Type-only imports count.

const SPEC = String.raw`\.(spec|contract)\.ts$`;
const SIMULATION = '^apps/[^/]+/src/simulation/';
const STAGES = '^apps/.+/testing/';
const LIB = String.raw`^libs/[^/]+/src/index\.ts$`;
const PACKAGE = '(^|/)node_modules/';

/** The libs in their order: each may import those of the ranks before it, and nothing of its own rank but itself. */
const RANKS = [
  ['kernel'],
  ['contracts', 'language'],
  ['lists'],
  ['observability'],
  ['messaging'],
  ['documents'],
  ['blobs'],
  ['history'],
  ['auth'],
  ['service'],
  ['client'],
  ['testing'],
];

/** @param {string[]} names */
const libs = (...names) => `^libs/(${names.join('|')})/src/index\\.ts$`;
/** @param {string[]} layers */
const own = (...layers) => `^apps/$1/src/(${layers.join('|')})/`;
const core = { dependencyTypes: ['core'] };

/**
 * Files on a path, specs apart, may import only what one of `allowed` matches.
 * @param {string} name
 * @param {string} comment what the person who is refused should know
 * @param {string} path
 * @param {string[]} allowed
 * @param {{ except?: string, to?: object }} [more] except: files on the path that another rule judges
 */
const only = (name, comment, path, allowed, { except, to } = {}) => ({
  name,
  comment,
  severity: 'error',
  from: { path, pathNot: except ? [SPEC, except] : [SPEC] },
  to: { pathNot: allowed, ...to },
});

/**
 * Files on a path, specs apart, may not import what matches.
 * @param {string} name
 * @param {string} comment
 * @param {string} path
 * @param {object} to
 */
const never = (name, comment, path, to) => ({ name, comment, severity: 'error', from: { path, pathNot: [SPEC] }, to });

const PURE_DOMAIN = 'A domain knows itself and the kernel: no package, no node:. Give it what it needs as an argument.';
const PORTS = libs('kernel', 'language', 'observability', 'messaging', 'documents', 'blobs', 'history', 'auth');

const layers = [
  only('domain-is-pure', PURE_DOMAIN, '^apps/([^/]+)/src/domain/', [own('domain'), libs('kernel')], { except: '^apps/runtime/' }),
  only('domain-of-runtime-is-pure', PURE_DOMAIN, '^apps/(runtime)/src/domain/', [own('domain'), libs('kernel', 'language')]),
  only(
    'application-knows-ports-only',
    'A use case knows its domain and ports. What touches a package, node: or another layer is an adapter behind a port.',
    '^apps/([^/]+)/src/application/',
    [own('domain', 'application'), PORTS],
  ),
  only(
    'infrastructure-is-called-out',
    'An adapter knows the ports it fills, libs and packages; never the interface or the wiring. The module hands it its settings.',
    '^apps/([^/]+)/src/infrastructure/',
    [own('domain', 'application', 'infrastructure'), LIB, PACKAGE],
    { to: { dependencyTypesNot: ['core'] } },
  ),
  only(
    'interface-calls-in',
    'A handler translates and delegates to the application; it sees neither domain, nor infrastructure, nor the wiring.',
    '^apps/([^/]+)/src/interface/',
    [own('application', 'interface'), LIB, PACKAGE],
    { to: { dependencyTypesNot: ['core'] } },
  ),
];

const apps = [
  {
    name: 'no-service-imports-another',
    comment: 'Services meet on the wire only: bus.call or an event.',
    severity: 'error',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  only(
    'standalone-composes-only',
    'Standalone starts services: their index.ts and the service lib, nothing else.',
    '^apps/(standalone)/',
    ['^apps/standalone/', String.raw`^apps/[^/]+/src/index\.ts$`, libs('service')],
    { to: { dependencyTypesNot: ['core'] } },
  ),
  only(
    'clients-know-the-public-api',
    'The CLI and the console are clients: libs/client and libs/language, no other lib.',
    '^apps/(cli|console)/',
    ['^apps/$1/', libs('client', 'language'), PACKAGE],
    { to: { dependencyTypesNot: ['core'] } },
  ),
];

const libRules = [
  ...RANKS.flatMap((rank, index) =>
    rank.map((lib) =>
      never(`lib-${lib}-looks-down`, 'Libs import downwards only.', `^libs/${lib}/`, {
        path: '^libs/',
        pathNot: [`^libs/${lib}/`, ...(index === 0 ? [] : [`^libs/(${RANKS.slice(0, index).flat().join('|')})/`])],
      }),
    ),
  ),
  never('lib-client-stands-alone', 'The client is published by itself: kernel and contracts, nothing else.', '^libs/client/', {
    path: '^libs/',
    pathNot: '^libs/(client|kernel|contracts)/',
  }),
  never('no-lib-imports-an-app', 'A lib serves apps and knows none.', '^libs/', { path: '^apps/' }),
  never('kernel-is-pure', 'The kernel has no package and no node:.', '^libs/kernel/', { pathNot: '^libs/' }),
  never('language-is-pure', 'The language has no node:; effects come out as data.', '^libs/language/', core),
  {
    name: 'no-deep-import',
    comment: 'Import a lib by its name, @millrace/<lib>. What is missing there is not promised.',
    severity: 'error',
    from: { path: '^((libs|apps)/[^/]+|e2e|bench|tools)/' },
    to: { path: '^libs/', pathNot: ['^$1/', LIB] },
  },
  {
    name: 'testing-is-for-tests',
    comment: 'Product code never imports libs/testing. Simulations, and what specs stand on, are tests, too.',
    severity: 'error',
    from: { path: '^(apps|libs/(?!testing/))', pathNot: [SPEC, SIMULATION, STAGES] },
    to: { path: '^libs/testing/' },
  },
  never('simulation-is-for-tests', 'Product code never imports a simulation.', '^(apps/[^/]+/src/(?!simulation/)|libs/)', {
    path: SIMULATION,
  }),
];

const graph = [
  {
    name: 'no-cycle',
    comment: 'Two files that need each other are one, or miss a third. Types alone may: they order nothing at run time.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  { name: 'no-unknown-import', comment: 'Nothing stands there.', severity: 'error', from: {}, to: { couldNotResolve: true } },
  never('no-undeclared-package', 'Name the package in package.json.', '^(apps|libs|e2e|bench|tools)/', {
    dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
  }),
  never('no-dev-package-in-product', 'Product code runs without devDependencies.', '^(apps|libs/(?!testing/))', {
    dependencyTypes: ['npm-dev'],
  }),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...layers, ...apps, ...libRules, ...graph],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|bench/peers)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
