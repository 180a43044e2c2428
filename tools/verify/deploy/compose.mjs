import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Service
 * @property {string} [image]
 * @property {{ context: string, dockerfile: string, args?: Record<string, string> }} [build]
 * @property {string[]} [profiles]
 * @property {Record<string, unknown>} [environment]
 * @property {string[]} [volumes]
 * @property {string[]} [ports]
 * @property {Record<string, { condition?: string, required?: boolean }>} [depends_on]
 * @property {Record<string, unknown>} [healthcheck]
 */

/** @typedef {{ services: Record<string, Service>, volumes?: Record<string, unknown> }} Compose */

const TOP = new Set(['name', 'services', 'volumes', 'networks', 'secrets', 'configs']);
// Of the compose specification, those that a service of ours may want; what engines ignore elsewhere is not among them.
const SERVICE = new Set([
  ...['image', 'build', 'command', 'entrypoint', 'environment', 'env_file', 'profiles', 'depends_on', 'healthcheck', 'restart'],
  ...['volumes', 'ports', 'expose', 'networks', 'secrets', 'configs', 'tmpfs', 'user', 'init', 'read_only', 'working_dir', 'labels'],
  ...['cap_drop', 'cap_add', 'security_opt', 'ulimits', 'stop_grace_period', 'stop_signal', 'mem_limit', 'cpus', 'logging', 'hostname'],
]);
const BUILD = new Set(['context', 'dockerfile', 'args', 'target']);
const HEALTH = new Set(['test', 'interval', 'timeout', 'retries', 'start_period', 'start_interval', 'disable']);
const DEPENDS = new Set(['condition', 'required', 'restart']);
const CONDITIONS = new Set(['service_started', 'service_healthy', 'service_completed_successfully']);
const LOCAL_PORT = /^127\.0\.0\.1:\d+:\d+$/;
const MOUNT = /^(?<source>[^:]+):(?<target>\/[^:]*)(:(ro|rw|z|Z))?$/;

/**
 * What is wrong with the shape of a compose file.
 * @param {Compose} compose
 * @returns {string[]}
 */
export function composeProblems(compose) {
  const top = unknownKeys(compose, TOP, 'docker-compose.yml').filter((problem) => !problem.includes(' "x-'));
  return [...top, ...Object.entries(compose.services).flatMap(([name, service]) => serviceProblems(compose, name, service))];
}

/**
 * @param {Compose} compose
 * @param {string} name
 * @param {Service} service
 */
function serviceProblems(compose, name, service) {
  return [
    ...unknownKeys(service, SERVICE, name),
    ...unknownKeys(service.build ?? {}, BUILD, `${name}.build`),
    ...unknownKeys(service.healthcheck ?? {}, HEALTH, `${name}.healthcheck`),
    ...healthProblems(name, service),
    ...dependencyProblems(compose, name, service),
    ...(service.volumes ?? []).flatMap((mount) => mountProblems(compose, name, mount)),
    ...(service.ports ?? [])
      .filter((port) => !LOCAL_PORT.test(port))
      .map((port) => `${name}: "${port}" is not published on 127.0.0.1 alone.`),
    ...Object.entries(service.environment ?? {}).flatMap(([key, value]) =>
      value === null || ['string', 'number'].includes(typeof value) ? [] : [`${name}: ${key} is a ${typeof value}; put it in quotes.`],
    ),
  ];
}

/**
 * @param {string} name
 * @param {Service} service
 */
function healthProblems(name, { healthcheck, build }) {
  if (Array.isArray(healthcheck?.['test']) && healthcheck['test'].length > 1) return [];
  const own = build === undefined ? '' : existsSync(build.dockerfile) ? readFileSync(build.dockerfile, 'utf8') : '';
  return /^HEALTHCHECK /m.test(own) ? [] : [`${name} has no check of its health, neither here nor in its image.`];
}

/**
 * @param {Compose} compose
 * @param {string} name
 * @param {Service} service
 */
function dependencyProblems({ services }, name, service) {
  return Object.entries(service.depends_on ?? {}).flatMap(([other, how]) => {
    const there = services[other];
    if (there === undefined) return [`${name} depends on ${other}, which is no service.`];
    const optional = (there.profiles ?? []).some((profile) => !(service.profiles ?? []).includes(profile)) && how.required !== false;
    return [
      ...unknownKeys(how, DEPENDS, `${name}.depends_on.${other}`),
      ...(CONDITIONS.has(how.condition ?? '') ? [] : [`${name} depends on ${other} with the condition "${how.condition}", which is none.`]),
      ...(optional ? [`${name} depends on ${other}, which is of another profile: say \`required: false\`.`] : []),
    ];
  });
}

/**
 * @param {Compose} compose
 * @param {string} name
 * @param {string} mount
 */
function mountProblems({ volumes = {} }, name, mount) {
  const source = MOUNT.exec(mount)?.groups?.['source'];
  if (source === undefined) return [`${name}: "${mount}" is no mount.`];
  if (!source.startsWith('.')) return source in volumes ? [] : [`${name}: the volume ${source} is not declared.`];
  return [
    ...(existsSync(source) ? [] : [`${name}: ${source} is mounted and does not exist.`]),
    ...(mount.endsWith(':ro') ? [] : [`${name}: ${source} belongs to the repository; mount it with ":ro".`]),
  ];
}

/**
 * @param {object} found
 * @param {Set<string>} known
 * @param {string} where
 */
function unknownKeys(found, known, where) {
  return Object.keys(found)
    .filter((key) => !known.has(key))
    .map((key) => `${where}: "${key}" is no key that is known here.`);
}
