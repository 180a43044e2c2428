// Every setting of the product, by who reads it: the schemas say what it takes, the sources beside them what it means.
import { globSync, readFileSync } from 'node:fs';
import { eventsSettings } from '../../../apps/events/src/config';
import { gatewaySettings } from '../../../apps/gateway/src/config';
import { runtimeSettings } from '../../../apps/runtime/src/config';
import { workspacesSettings } from '../../../apps/workspaces/src/config';
import { platformSchemas, variableOf } from '../../../libs/service/src/index';
import { variablesIn } from './declared.mjs';
import { isRequired } from './words.mjs';

/** @import { ZodObject, ZodType } from 'zod' */
/** @import { Need } from '../../../libs/service/src/index' */
/** @import { Declaration, Section } from './page.mjs' */

/** @typedef {Readonly<Record<string, ZodType>>} Shape */

const SERVICES = ['gateway', 'workspaces', 'events', 'runtime'];
const PROCESS = 'libs/service/src/settings/process-settings.ts';
const CLUSTER = 'libs/service/src/cluster/cluster-settings.ts';
const CONFIGURATIONS = 'libs/service/src/settings/config-texts.ts';

/** All that a service can need. @type {Readonly<Record<Need, true>>} */
const EVERY_NEED = { eventLog: true, documents: true, history: true, blobs: true };
const NEEDED = /** @type {Need[]} */ (Object.keys(EVERY_NEED));

/** What a module names as its needs, in any case: `needs: ['eventLog', 'blobs']`. */
const NEEDS = /\bneeds: [^;]*?\],\n/;

/** @returns {readonly Section[]} */
export function sections() {
  const local = SERVICES.flatMap((by) => declarationsOf(by, platformSchemas.local.shape));
  const everywhere = new Set(local.map(({ variable }) => variable));
  const cluster = SERVICES.flatMap(clusterDeclarationsOf);
  const inBoth = cluster.filter(({ variable }) => everywhere.has(variable));
  return [
    {
      title: 'Every process',
      says: 'What holds for a process, whichever services are in it.',
      declarations: [...local, ...inBoth],
      comments: variablesIn(PROCESS),
    },
    {
      title: 'The cluster platform',
      says: 'Where the servers are, with `MILLRACE_PLATFORM=cluster` alone; [how it is set up](../guide/cluster.md).',
      declarations: cluster.filter(({ variable }) => !everywhere.has(variable)),
      comments: variablesIn(CLUSTER),
    },
    service('gateway', 'The public door; [more of it](../guide/gateway.md).', gatewaySettings),
    service('workspaces', 'What is kept of workspaces, their versions and secrets.', workspacesSettings),
    service('events', 'The log, the history, and who follows them live; [more of it](../guide/events.md).', eventsSettings),
    service(
      'runtime',
      'What runs may use up; sizes are characters of JSON where no unit is said. [Which of it a workspace may lower](../guide/runs.md#settings).',
      runtimeSettings,
    ),
    {
      title: 'Configurations',
      says: 'One variable a value, which the schema has to declare; [how they are read](../guide/runs.md#settings).',
      ...unschemed(['workspaces', 'runtime'], CONFIGURATIONS),
    },
    {
      title: 'Command line',
      says: 'Flags go before these, and a variable before its file; [the commands](cli.md). What does not begin with `MILLRACE_` is known to other programs, too, and comes from no file.',
      ...unschemed(['command line'], 'apps/cli/src/config.ts'),
    },
  ];
}

/**
 * What a service may be told on the cluster platform; a server that others need and it does not is nothing to it.
 * @param {string} by
 * @returns {Declaration[]}
 */
function clusterDeclarationsOf(by) {
  const { shape: needed } = platformSchemas.cluster(NEEDED);
  const { shape } = platformSchemas.cluster(needsOf(by));
  const used = Object.entries(shape).filter(
    ([name, schema]) => isRequired(schema) || !isRequired(/** @type {Shape} */ (needed)[name] ?? schema),
  );
  return declarationsOf(by, Object.fromEntries(used));
}

/**
 * @param {string} name
 * @param {string} says
 * @param {ZodObject<Record<string, ZodType>>} schema
 * @returns {Section}
 */
function service(name, says, schema) {
  const title = name.replace(/^./, (letter) => letter.toUpperCase());
  return { title, says, declarations: declarationsOf(name, schema.shape), comments: variablesIn(`apps/${name}/src/config.ts`) };
}

/**
 * @param {string} by
 * @param {Shape} shape
 * @returns {Declaration[]}
 */
function declarationsOf(by, shape) {
  return Object.entries(shape).map(([name, schema]) => ({ variable: variableOf(name), by, schema }));
}

/**
 * Settings that are read as they are.
 * @param {readonly string[]} readers
 * @param {string} path
 */
function unschemed(readers, path) {
  const comments = variablesIn(path);
  return { comments, declarations: readers.flatMap((by) => [...comments.keys()].map((variable) => ({ variable, by }))) };
}

/**
 * What a service may need of the cluster platform, from where its definition says so.
 * @param {string} name
 */
function needsOf(name) {
  const text = globSync(`apps/${name}/src/*.module.ts`)
    .map((path) => readFileSync(path, 'utf8'))
    .join('');
  const [found] = NEEDS.exec(text) ?? [];
  if (found === undefined) throw new Error(`No module of apps/${name} says what the service needs: ${String(NEEDS)}.`);
  return NEEDED.filter((need) => found.includes(`'${need}'`));
}
