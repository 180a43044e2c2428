import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { composeProblems } from './compose.mjs';
import { imageProblems } from './images.mjs';
import { variableProblems } from './variables.mjs';

const text = readFileSync('docker-compose.yml', 'utf8');
const example = readFileSync('.env.example', 'utf8');
const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');

/** All that is found wrong when a part of the compose file reads otherwise. */
function found(part = '', otherwise = ''): readonly string[] {
  expect(text).toContain(part);
  const changed = text.replace(part, otherwise);
  const compose = parse(changed, { merge: true }) as Parameters<typeof composeProblems>[0];
  return [...composeProblems(compose), ...imageProblems(compose, dockerfile), ...variableProblems(compose, changed, example)];
}

describe('the check of docker-compose.yml', () => {
  it('finds nothing wrong with the file as it is', () => {
    expect(found()).toEqual([]);
  });

  it.each([
    ['a key that compose does not have', 'stop_grace_period: 30s', 'stop_grace: 30s', '"stop_grace" is no key'],
    ['an image that is another tomorrow', 'nats:2.14.5-alpine', 'nats:alpine', 'not pinned'],
    ['an image other than the one of the tests', 'nats:2.14.5-alpine', 'nats:2.11.0-alpine', 'tests run on 2.14.5'],
    ['a password with a default', 'GRAFANA_PASSWORD:?made by deploy/passwords.sh', 'GRAFANA_PASSWORD:-admin', 'a secret'],
    ['a password in the file', '${GRAFANA_PASSWORD:?made by deploy/passwords.sh}', 'hunter2', 'a secret in the file itself'],
    ['a variable that no service reads', 'MILLRACE_FETCH_ALLOW:', 'MILLRACE_FETCH_ALLOWED:', 'nothing there reads MILLRACE_FETCH_ALLOWED'],
    ['a variable that NATS does not read', 'MILLRACE_NATS_SYNC:', 'MILLRACE_NATS_FSYNC:', 'nothing there reads MILLRACE_NATS_FSYNC'],
    ['a variable that .env.example lacks', '${MILLRACE_S3_BUCKET:-millrace}', '${BUCKET:-millrace}', 'does not name BUCKET'],
    ['a mount of nothing', './deploy/nats:', './deploy/gnats:', './deploy/gnats is mounted and does not exist'],
    ['a mount that may be written', './deploy/prometheus:/etc/prometheus:ro', './deploy/prometheus:/etc/prometheus', 'mount it with ":ro"'],
    ['a volume that is not declared', "['s3:/data']", "['s4:/data']", 'the volume s4 is not declared'],
    ['a port open to the network', "'127.0.0.1:3000:3000'", "'3000:3000'", 'is not published on 127.0.0.1 alone'],
    [
      'a need of what may not be there',
      's3: { condition: service_healthy, required: false }',
      's3: { condition: service_healthy }',
      'required: false',
    ],
    ['a program that is not there', 'args: { APP: events }', 'args: { APP: event }', 'no program apps/event/'],
  ])('finds %s', (_what, part, otherwise, problem) => {
    expect(found(part, otherwise)).toContainEqual(expect.stringContaining(problem));
  });
});

describe('the check of the image', () => {
  it.each([
    ['an image that runs as root', 'USER node', 'USER root', 'runs as root'],
    ['a base that is another tomorrow', 'FROM node:', 'FROM node:lts-', 'not pinned'],
    ['a service with another young space', '"--max-semi-space-size=32", ', '', '--max-semi-space-size=32, as everywhere'],
    [
      'a service that lets V8 guess what lives long',
      '"--no-allocation-site-pretenuring", ',
      '',
      '--no-allocation-site-pretenuring, as everywhere',
    ],
  ])('finds %s', (_what, part, otherwise, problem) => {
    expect(dockerfile).toContain(part);
    expect(imageProblems({ services: {} }, dockerfile.replaceAll(part, otherwise))).toContainEqual(expect.stringContaining(problem));
  });
});
