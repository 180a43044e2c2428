import { existsSync, readFileSync } from 'node:fs';
import { YOUNG } from '../../launch/service.mjs';

/** @import { Compose, Service } from './compose.mjs' */

// Both numbers and dots: `8`, `latest` or `8-noble` are another image tomorrow.
const PINNED = /^[a-z0-9][a-z0-9._/-]*:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/;
const STACK_VERSION = /VERSION = '([\d.]+)'/;
// Where tests run what people run. MongoDB is in no package registry: docs/adr/0027.
const SAME_AS_STACK = ['nats', 's3', 'elasticsearch', 'keycloak'];

/**
 * Images that are not pinned, that are not those of the tests, programs that are not there.
 * @param {Compose} compose
 * @param {string} dockerfile
 * @returns {string[]}
 */
export function imageProblems({ services }, dockerfile) {
  return [
    ...Object.entries(services).flatMap(([name, service]) => [...unpinned(name, service), ...buildProblems(name, service)]),
    ...SAME_AS_STACK.flatMap((name) => otherThanStack(name, services[name])),
    ...dockerfileProblems(dockerfile),
  ];
}

/**
 * @param {string} name
 * @param {Service} service
 */
function unpinned(name, { image = '' }) {
  return PINNED.test(image) ? [] : [`${name}: the image "${image}" is not pinned to an exact version.`];
}

/**
 * @param {string} name
 * @param {Service} service
 */
function buildProblems(name, { build }) {
  if (build === undefined) return [];
  const app = build.args?.['APP'] ?? '';
  return [
    ...(existsSync(build.dockerfile) ? [] : [`${name}: ${build.dockerfile} does not exist.`]),
    ...(existsSync(`apps/${app}/src/main.ts`) ? [] : [`${name}: there is no program apps/${app}/src/main.ts.`]),
  ];
}

/**
 * @param {string} name
 * @param {Service | undefined} service
 */
function otherThanStack(name, service) {
  const version = STACK_VERSION.exec(readFileSync(`tools/stack/servers/${name}.mjs`, 'utf8'))?.[1];
  const tag = service?.image?.split(':')[1]?.replace(/^v/, '').split('-')[0];
  return tag === version ? [] : [`${name}: people get ${tag}, tests run on ${version} (tools/stack/servers/${name}.mjs).`];
}

/** @param {string} dockerfile */
function dockerfileProblems(dockerfile) {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const command = /^CMD .*/m.exec(last)?.[0] ?? '';
  return [
    ...bases.filter((image) => !PINNED.test(image)).map((image) => `deploy/Dockerfile: "${image}" is not pinned to an exact version.`),
    ...YOUNG.filter((option) => !command.includes(`"${option}"`)).map(
      (option) => `deploy/Dockerfile: CMD does not start Node with ${option}, as everywhere.`,
    ),
    ...(/^USER (?!root\b|0\b)\S+/m.test(last) ? [] : ['deploy/Dockerfile: the image runs as root. Say USER.']),
  ];
}
