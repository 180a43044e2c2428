// Writes deploy/nats/gen/users.conf: one user a service, with what it may say and hear. Run with
// `node --import ./tools/generate/typescript-sources.mjs tools/generate/nats-users.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { NEEDS } from './nats/needs.mjs';
import { permissionsOf, permissionsOfSetup } from './nats/subjects.mjs';

/** @import { Permissions } from './nats/subjects.mjs' */

const OUT = 'deploy/nats/gen/users.conf';

/** @param {string} name @param {readonly string[]} subjects */
const list = (name, subjects) => [`          ${name}: [`, ...subjects.map((subject) => `            "${subject}"`), '          ]'];

/**
 * @param {string} name
 * @param {Permissions} [permissions] absent: everything
 */
function user(name, permissions) {
  const lines = ['    {', `      user: ${name}`, `      password: $MILLRACE_NATS_${name.toUpperCase()}_PASSWORD`];
  if (permissions === undefined) return [...lines, '    }'];
  const { publish, subscribe } = permissions;
  return [
    ...[...lines, '      permissions: {', '        publish: {', ...list('allow', publish.allow)],
    ...(publish.deny.length > 0 ? list('deny', publish.deny) : []),
    ...['        }', '        subscribe: {', ...list('allow', subscribe.allow), '        }', '      }', '    }'],
  ];
}

const text = [
  '# Written by tools/generate/nats-users.mjs from proto/ and tools/generate/nats/needs.mjs. Do not edit.',
  ...['authorization {', '  # Seconds that a client has to say who it is.', '  timeout: 5', '  users: ['],
  ...Object.keys(NEEDS).flatMap((service) => user(service, permissionsOf(service))),
  '    # Makes the streams and buckets; used at the start only.',
  ...user('setup', permissionsOfSetup()),
  '    # For specs and for operators: everything.',
  ...user('tests'),
  ...['  ]', '}', ''],
].join('\n');

mkdirSync(dirname(OUT), { recursive: true });
writeFileSync(OUT, text);
