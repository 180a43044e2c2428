// What each service needs of the NATS servers, in the words of the code; subjects.mjs says what that is in subjects. A service that calls
// another method, opens another bucket or consumes another durable says so here, and `npm run generate` writes its user's permissions.
import { PUBLIC_SERVICES } from '../../../apps/gateway/src/interface/http/calls/public-services';
import {
  ConfigService,
  CredentialsService,
  DraftsService,
  EventTypesService,
  ExchangeService,
  FilesService,
  GatewayService,
  HistoryService,
  routeOf,
  RunsService,
  RuntimeService,
  SecretsService,
  TopicsService,
  VersionsService,
  WorkspacesService,
} from '../../../libs/contracts/src/index';

/** @import { DescMethod } from '@bufbuild/protobuf' */

/**
 * A name under which a service reads the log again and again; `byKey`: in the order of keys, over lanes.
 * @typedef {{ name: string, byKey: boolean }} Durable
 */

/**
 * @typedef {object} Needs
 * @property {readonly DescMethod[]} calls methods of others, and of its own that it calls over the wire
 * @property {readonly string[]} writes buckets that it alone writes
 * @property {readonly string[]} reads buckets of others
 * @property {readonly string[]} emits first tokens of the native events it says
 * @property {boolean} emitsForOthers whether it appends events that are nobody's own
 * @property {boolean} asksToNotify whether automations ask for notifications through it
 * @property {readonly Durable[]} consumes
 * @property {boolean} tails whether it reads the log live and trims it
 * @property {boolean} erases whether it erases events from the log
 * @property {boolean} broadcasts whether it says the events that are not kept
 * @property {boolean} hearsBroadcasts whether it hears them
 * @property {boolean} callsItsRoll whether its instances ask each other who is connected to them
 */

/** Every method that some service answers. */
export const METHODS = PUBLIC_SERVICES.flatMap((service) => service.methods);

const { getGrants, fetchModel, fetchDraft } = WorkspacesService.method;
const { admitUpload, commitFile, commitContent, openFile, openLink } = FilesService.method;

const { exportEvents } = HistoryService.method;
const { exportVersion } = VersionsService.method;
const { admitImport, importWorkspace } = ExchangeService.method;
const { admitAsset, stageAsset, openDraftFile } = DraftsService.method;

/** @type {Needs} */
const NOTHING = {
  ...{ calls: [], writes: [], reads: [], emits: [], consumes: [] },
  ...{ emitsForOthers: false, asksToNotify: false, tails: false, erases: false, broadcasts: false, hearsBroadcasts: false },
  callsItsRoll: false,
};

/** @type {Readonly<Record<string, Needs>>} */
export const NEEDS = {
  gateway: {
    ...NOTHING,
    calls: [
      GatewayService.method.identify,
      ...METHODS.filter((method) => routeOf(method) !== undefined),
      ...[RuntimeService.method.handleEndpoint, RuntimeService.method.handleResult],
      ...[exportEvents, exportVersion, admitImport, importWorkspace, admitAsset, stageAsset, openDraftFile],
      ...[admitUpload, commitFile, commitContent, openFile, openLink, CredentialsService.method.resolveCredential],
    ],
    writes: ['cursors', 'erasures', 'idempotency', 'issuer', 'limits', 'revoked', 'sessions'],
    reads: ['instances', 'origins', 'services'],
    emits: ['gateway'],
    consumes: [
      { name: 'gateway-credentials', byKey: false },
      { name: 'gateway-erasures', byKey: false },
    ],
  },
  workspaces: {
    ...NOTHING,
    calls: [GatewayService.method.identify],
    writes: ['active', 'configs', 'egress', 'origins', 'rights', 'vault'],
    emits: ['workspaces', 'apps'],
    consumes: [
      { name: 'workspaces-active', byKey: true },
      { name: 'workspaces-credentials', byKey: true },
      { name: 'workspaces-erasures', byKey: false },
      { name: 'workspaces-rights', byKey: false },
      { name: 'workspaces-saves', byKey: true },
      { name: 'workspaces-shares', byKey: true },
      { name: 'workspaces-upgrades', byKey: false },
    ],
  },
  events: {
    ...NOTHING,
    calls: [
      EventTypesService.method.fetchEventTypes,
      GatewayService.method.identify,
      getGrants,
      WorkspacesService.method.listWorkspaces,
      RunsService.method.getRun,
      RunsService.method.listRuns,
      RuntimeService.method.simulateMatch,
    ],
    writes: ['instances', 'leases', 'rebuilds', 'retention'],
    reads: ['active', 'rights'],
    emits: ['events'],
    emitsForOthers: true,
    consumes: [
      { name: 'history', byKey: false },
      { name: 'events-erasures', byKey: false },
      { name: 'events-purges', byKey: false },
    ],
    tails: true,
    erases: true,
    broadcasts: true,
    hearsBroadcasts: true,
    callsItsRoll: true,
  },
  runtime: {
    ...NOTHING,
    calls: [
      GatewayService.method.identify,
      getGrants,
      fetchModel,
      fetchDraft,
      commitFile,
      SecretsService.method.resolveSecrets,
      ConfigService.method.writeConfig,
      TopicsService.method.manageTopic,
    ],
    writes: [
      ...['approvals', 'contexts', 'gatherings', 'rates', 'redrives', 'replays', 'results', 'runs', 'runtimes'],
      ...['schedules', 'slots', 'timers', 'waits'],
    ],
    reads: ['active', 'configs', 'egress', 'rights'],
    emits: ['runtime'],
    emitsForOthers: true,
    asksToNotify: true,
    erases: true,
    broadcasts: true,
    consumes: [
      { name: 'runtime', byKey: true },
      { name: 'runtime-erasures', byKey: false },
      { name: 'runtime-purges', byKey: false },
    ],
  },
};
