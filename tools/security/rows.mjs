// The rows of the security requirements and the tests that prove each. A part is proved when the tests it names run and pass; it is missing
// when there is no such file yet, or when it says here what it still waits for.

import { ADVISORIES } from './supply-chain/advisories.mjs';

/**
 * One thing that must be shown for a row. `spec`: the file; `tests`: a text that the names of the tests hold, all of the file when absent;
 * `lacks`: what is not built yet, so that nothing can show it.
 * @typedef {{ what: string, spec: string, tests?: string } | { what: string, lacks: string }} Part
 */

/** @typedef {{ number: number, holds: string, parts: Part[] }} Row */

const CALLS = 'apps/gateway/src/interface/http/calls/calls.spec.ts';
const HEADERS = 'apps/gateway/src/interface/http/endpoints/carried-headers.spec.ts';
const ENDPOINTS = 'apps/gateway/src/interface/http/endpoints/endpoints.spec.ts';
const EGRESS = 'apps/runtime/src/infrastructure/fetch/egress';

/** @type {Row[]} */
export const ROWS = [
  {
    number: 1,
    holds: 'no route without a policy; deny by default',
    parts: [
      { what: 'a method without a policy stops the start', spec: CALLS, tests: 'does not say who may call it' },
      { what: 'every handler has its guard', spec: 'e2e/security/guards.spec.ts' },
    ],
  },
  {
    number: 2,
    holds: 'every route × role × tenant as declared',
    parts: [
      { what: 'the matrix, with ids of another workspace', spec: 'e2e/authorization/matrix.spec.ts' },
      { what: 'what was withdrawn is refused from then on', spec: 'e2e/authorization/withdrawn.spec.ts' },
      { what: 'lists, details and searches agree on random events and rules', spec: 'apps/events/src/rights.spec.ts' },
    ],
  },
  {
    number: 3,
    holds: 'access is never decided by the shape of a path',
    parts: [
      { what: 'paths that can be read in two ways', spec: 'apps/gateway/src/interface/http/door/path.spec.ts' },
      { what: 'each route under every spelling', spec: 'e2e/security/paths.spec.ts' },
    ],
  },
  {
    number: 4,
    holds: 'an access token is checked whole',
    parts: [
      { what: 'the battery of tokens', spec: 'libs/auth/src/tokens/token-battery.spec.ts' },
      { what: 'keys: rotation, unknown ones, an issuer that is away', spec: 'libs/auth/src/tokens/token-verifier.spec.ts' },
      { what: 'the battery at the door', spec: 'e2e/security/tokens.spec.ts' },
    ],
  },
  {
    number: 5,
    holds: 'no bare identity is believed inside',
    parts: [
      { what: 'forged headers at the gateway', spec: 'e2e/security/forged-headers.spec.ts' },
      { what: 'what endpoints see of a request', spec: HEADERS },
      { what: 'forged passports', spec: 'libs/auth/src/passports/signed-passports.spec.ts', tests: 'a forged passport' },
      { what: 'forged passports at every service', spec: 'e2e/security/passports.spec.ts' },
      { what: 'refusals are told', spec: 'apps/gateway/src/infrastructure/refusals/logged-refusal-news.spec.ts' },
      { what: 'and stand in the audit', spec: 'e2e/security/audit/audit.spec.ts', tests: 'who was refused what' },
    ],
  },
  {
    number: 6,
    holds: 'a NATS user can do what its service declares and nothing more',
    parts: [
      { what: 'the users are those the code needs', spec: 'tools/generate/nats/needs.spec.ts' },
      { what: 'the matrix of subjects on a server', spec: 'tools/generate/nats/users.cluster.spec.ts' },
    ],
  },
  {
    number: 7,
    holds: 'deny rules fail closed',
    parts: [
      { what: 'each variable missing in turn', spec: 'libs/auth/src/rules/permission.spec.ts' },
      { what: 'predicate = filter = explanation', spec: 'libs/auth/src/rules/properties.spec.ts' },
    ],
  },
  {
    number: 8,
    holds: 'nobody gives more than they have',
    parts: [
      { what: 'by key and token', spec: 'e2e/security/keys.spec.ts', tests: 'nobody gets more than they have' },
      { what: 'by role and member', spec: 'apps/workspaces/src/rights.spec.ts', tests: 'cannot be given beyond what its author has' },
      { what: 'by app', spec: 'e2e/apps/permitted.spec.ts', tests: 'ends at what was consented to' },
      { what: 'by import, duplicate and checkout', spec: 'e2e/security/giving.spec.ts' },
      { what: 'by roles of an archive, and by lifting what is denied', spec: 'apps/workspaces/src/specs/imported-roles.spec.ts' },
      { what: 'by environment', lacks: 'environments' },
    ],
  },
  {
    number: 9,
    holds: 'keys and tokens are hashed, scoped, expiring, revocable',
    parts: [
      { what: 'keys and tokens through the door', spec: 'e2e/security/keys.spec.ts' },
      { what: 'connections that came with them', spec: 'e2e/security/live/credentials.spec.ts' },
      { what: 'rights that are withdrawn from whoever is connected', spec: 'e2e/security/live/revocation.spec.ts' },
    ],
  },
  {
    number: 10,
    holds: 'cookies cannot be ridden',
    parts: [{ what: 'cross-origin writes, fixation, open redirects', spec: 'e2e/security/sessions.spec.ts' }],
  },
  {
    number: 11,
    holds: "authors' content cannot reach a session",
    parts: [
      { what: 'answers of endpoints on the shared origin', spec: ENDPOINTS, tests: 'inside our fence' },
      { what: 'headers of endpoints that speak for the origin', spec: HEADERS, tests: 'speak for the whole origin' },
      { what: 'files on the shared origin', spec: 'e2e/files.spec.ts' },
    ],
  },
  {
    number: 12,
    holds: 'credentials of ours never enter automations, logs, events, URLs',
    parts: [
      { what: 'what endpoints see of a credential', spec: ENDPOINTS, tests: 'never a credential of ours' },
      { what: 'canaries through every door, then a search of all that was written', spec: 'e2e/security/canaries.spec.ts' },
      { what: 'a search of the heap', spec: 'e2e/security/canaries.spec.ts', tests: 'stands in memory no longer' },
    ],
  },
  {
    number: 13,
    holds: 'secrets are unreadable at rest and never come back',
    parts: [
      { what: 'what is stored, and ciphertext in another place', spec: 'apps/workspaces/src/secrets.spec.ts' },
      { what: 'a search of all that was written', spec: 'e2e/security/canaries.spec.ts', tests: 'stands afterwards' },
    ],
  },
  {
    number: 14,
    holds: 'one parser per content type',
    parts: [
      { what: 'media types of calls', spec: CALLS, tests: 'another media type' },
      { what: 'bodies of endpoints', spec: ENDPOINTS, tests: 'by its content type alone' },
      { what: 'forms in parts: types, fifty of them', spec: 'apps/gateway/src/interface/http/bodies/multipart.spec.ts' },
    ],
  },
  {
    number: 15,
    holds: 'archives, YAML, JSON, images cannot exhaust',
    parts: [
      { what: 'JSON: depth, keys, duplicates', spec: 'apps/gateway/src/interface/http/json/json-text.spec.ts' },
      { what: 'answers of fetch that unpack without end', spec: 'apps/runtime/src/infrastructure/fetch/answer/unpack.spec.ts' },
      {
        what: 'bombs of YAML and JSON at the door, 20 MiB and twice 50 ms of the processor for each',
        spec: 'e2e/security/bombs/bombs.spec.ts',
      },
      { what: 'archives at the door: bombs, ways up, links, devices, likewise', spec: 'e2e/security/bombs/archives.spec.ts' },
      { what: 'archives', spec: 'apps/workspaces/src/exchange.spec.ts', tests: 'are refused when they are too many or too much' },
      { what: 'images, which nothing here makes points of', spec: 'e2e/security/bombs/images.spec.ts' },
    ],
  },
  {
    number: 16,
    holds: 'egress: every resolved address is checked, and the checked one is connected to',
    parts: [
      { what: 'two hundred spellings, and as redirects', spec: `${EGRESS}/spellings.spec.ts` },
      { what: 'mapped, translated and reserved addresses', spec: `${EGRESS}/address.spec.ts` },
      { what: 'a name that changes its mind', spec: `${EGRESS}/egress-guard.spec.ts` },
      { what: 'fetch of an automation, against a trap', spec: 'e2e/security/egress/egress.spec.ts' },
      { what: 'the hosts that a workspace reaches', spec: 'e2e/workspaces/egress.spec.ts' },
      { what: 'nothing else goes where a request leads', spec: 'e2e/security/egress/callers.spec.ts' },
      { what: 'outbound webhooks, import and avatar URLs', lacks: 'any of these: no request takes a URL so far' },
    ],
  },
  {
    number: 17,
    holds: 'limits hold over three gateways, survive store loss, ignore forged forwarding headers',
    parts: [
      { what: 'a million arrivals at three gateways beside an exact reference', spec: 'apps/gateway/src/domain/policies/ledger.spec.ts' },
      { what: 'the store of limits away', spec: 'apps/gateway/src/application/policies/limits/limits.spec.ts' },
      { what: 'forwarding headers', spec: 'apps/gateway/src/interface/http/policies/client-address.spec.ts' },
      { what: 'limits through the door', spec: 'e2e/security/limits.spec.ts' },
      { what: 'two gateways on servers', spec: 'e2e/cluster/limits.cluster.spec.ts' },
    ],
  },
  {
    number: 18,
    holds: 'one request cannot make others slow',
    parts: [
      { what: 'slow senders are cut off', spec: 'apps/gateway/src/interface/http/bodies/arrivals.spec.ts' },
      { what: 'slow senders, long URLs, costly searches, and the others', spec: 'e2e/security/timing/hogs.spec.ts' },
      { what: 'how long the others take: nine tenths within 2 ×, within 4 × beside a search', spec: 'e2e/security/timing/others.spec.ts' },
      { what: 'p99 of the others within 1.5 ×', lacks: 'a quiet machine: `npm run bench -- others` measures it' },
    ],
  },
  {
    number: 19,
    holds: 'no prototype is touched, no field sneaks in',
    parts: [
      { what: 'three keys at all depths of every route; admin fields', spec: 'e2e/security/prototypes.spec.ts' },
      {
        what: 'anything on sockets and as events: the process itself says that its objects are as they were',
        spec: 'tools/fuzz/events/events.spec.ts',
      },
    ],
  },
  {
    number: 20,
    holds: 'errors tell nothing',
    parts: [
      { what: 'a fault says only that it was one', spec: CALLS, tests: 'of its fault nothing' },
      { what: 'every refusal of a fuzz run; hidden is 404', spec: 'e2e/security/errors.spec.ts' },
      { what: 'what is hidden takes as long as what is not there, but for a fifth', spec: 'e2e/security/timing/hidden.spec.ts' },
      { what: 'the same time to the last few microseconds', lacks: 'as much being read for what is not there (10 to 20 µs)' },
    ],
  },
  {
    number: 21,
    holds: 'the admin port is guarded',
    parts: [
      { what: 'its routes', spec: 'libs/observability/src/admin/admin-server.spec.ts' },
      { what: 'a scan without credentials of all ports and routes', spec: 'e2e/security/scan.spec.ts' },
    ],
  },
  {
    number: 22,
    holds: 'audit cannot be skipped or altered',
    parts: [
      { what: 'audited actions have exactly one event', spec: 'e2e/security/audit/audit.spec.ts' },
      { what: 'sign-ins and sign-outs', spec: 'apps/gateway/src/sessions.spec.ts', tests: 'signs in, is known, and signs out' },
      { what: 'a crash between write and outbox', spec: 'libs/documents/src/crash/crash.spec.ts' },
      {
        what: 'one event each: suspension, deletion, tokens, approvals, dead letters, deleted runs',
        spec: 'e2e/security/audit/counts.spec.ts',
      },
      { what: 'whatever else is audited has exactly one event', spec: 'e2e/security/audit/deeds.spec.ts' },
      { what: 'a chain that is verified offline', lacks: 'the chain' },
    ],
  },
  {
    number: 23,
    holds: 'deletion of a person reaches everyone',
    parts: [
      { what: 'the account, removed in both ways', spec: 'apps/gateway/src/application/leaving/leaving.spec.ts' },
      { what: 'a service that fails meanwhile', spec: 'libs/service/src/erasures/person-erasures.spec.ts' },
      { what: 'memberships, tokens and keys', spec: 'apps/workspaces/src/application/leaving/erase-person.spec.ts' },
      { what: 'through the door, in both ways, with each service down in turn', spec: 'e2e/security/erasure/erasure.spec.ts' },
      { what: 'a certificate that is signed, beside the receipt', lacks: 'profiles' },
    ],
  },
  {
    number: 24,
    holds: 'supply chain',
    parts: [
      {
        what: 'scripts off, allow lists, a bill of materials, no eval, Function or node:vm in our code',
        spec: 'tools/security/supply-chain/supply-chain.spec.ts',
      },
      { what: 'no known weakness in what we ship', spec: ADVISORIES },
    ],
  },
];
