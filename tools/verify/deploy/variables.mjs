import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { variablesIn } from '../../generate/settings/declared.mjs';

/** @import { Compose, Service } from './compose.mjs' */

const OURS = 'MILLRACE_';
const SECRET = /(PASSWORD|SECRET|TOKEN|_KEY)$/;
const USED = /(?<!\$)\$\{([A-Z0-9_]+)(?:(:?[-?+])([^}]*))?\}/g;

/** Secrets that an external identity provider makes up: without it there are none, and nothing that would believe an empty one. */
const MADE_ELSEWHERE = new Set(['MILLRACE_CONSOLE_SECRET', 'MILLRACE_GATEWAY_SECRET']);

/**
 * Variables that nobody reads, that .env.example does not name, and secrets that have a default.
 * @param {Compose} compose
 * @param {string} text of the compose file
 * @param {string} example of .env.example
 * @returns {string[]}
 */
export function variableProblems(compose, text, example) {
  const named = new Set([...example.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name = '']) => name));
  const used = [...text.replace(/^\s*#.*$/gm, '').matchAll(USED)];
  const read = settingsOfServices();
  return [
    ...used
      .filter(([, name = '']) => !named.has(name))
      .map(([, name]) => `.env.example does not name ${name}, which docker-compose.yml uses.`),
    ...[...named]
      .filter((name) => name !== 'COMPOSE_PROFILES' && !used.some(([, each]) => each === name) && !example.includes(`\${${name}}`))
      .map((name) => `.env.example names ${name}, which docker-compose.yml does not use.`),
    ...used
      .filter(([all, name = '', how]) => SECRET.test(name) && how !== ':?' && !(MADE_ELSEWHERE.has(name) && all.endsWith(':-}')))
      .map(([all]) => `docker-compose.yml: ${all} lets a secret be empty or known to everybody; write \${…:?what to do}.`),
    ...[...example.matchAll(/^([A-Z0-9_]+)=(.+)$/gm)]
      .filter(([, name = '']) => SECRET.test(name))
      .map(([, name]) => `.env.example gives ${name} a value that everybody can read.`),
    ...Object.entries(compose.services).flatMap(([name, service]) => environmentProblems(name, service, read)),
  ];
}

/**
 * @param {string} name
 * @param {Service} service
 * @param {Set<string>} read
 */
function environmentProblems(name, { environment = {}, build, volumes = [] }, read) {
  const mounted = build === undefined ? volumes.flatMap((mount) => textsOf(mount.split(':')[0] ?? '')) : [];
  return Object.entries(environment).flatMap(([variable, value]) => [
    ...(!variable.startsWith(OURS) || known(variable, build === undefined ? mounted : read)
      ? []
      : [`${name}: nothing there reads ${variable}. Is it misspelt, or gone from config.ts?`]),
    ...(SECRET.test(variable) && !(typeof value === 'string' && value.startsWith('${'))
      ? [`${name}: ${variable} is a secret in the file itself.`]
      : []),
  ]);
}

/**
 * @param {string} variable
 * @param {Set<string> | string[]} readers names of settings, or texts of mounted files
 */
function known(variable, readers) {
  if (Array.isArray(readers)) return readers.some((text) => new RegExp(`\\$\\{?${variable}\\b`).test(text));
  return readers.has(variable.replace(/_FILE$/, ''));
}

/**
 * The texts of a file or of all files of a folder of the repository.
 * @param {string} path
 * @returns {string[]}
 */
function textsOf(path) {
  const found = path.startsWith('./') ? statSync(path, { throwIfNoEntry: false }) : undefined;
  if (found === undefined) return [];
  if (!found.isDirectory()) return [readFileSync(path, 'utf8')];
  return readdirSync(path).flatMap((name) => textsOf(`./${join(path, name)}`));
}

/** The variables of all settings of the services and of the platform. */
function settingsOfServices() {
  const platform = ['libs/service/src/settings/process-settings.ts', 'libs/service/src/cluster/cluster-settings.ts'];
  const services = readdirSync('apps').map((app) => `apps/${app}/src/config.ts`);
  return new Set([...platform, ...services].flatMap((path) => (isFile(path) ? [...variablesIn(path).keys()] : [])));
}

/** @param {string} path */
function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
