import { globSync, readFileSync } from 'node:fs';
import type { DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { routeOf } from '@millrace/contracts';
import { METHODS } from '../methods';

/** What names a place that whoever reads it may go to. */
const PLACE = /(?:^|_)(?:url|uri|href|webhook|callback|redirect|avatar|picture|feed)s?(?:_|$)/;

/** Whoever opens a connection, and who says where to: nobody but `guarded-agent` goes where a request leads. */
const CALLERS: Readonly<Record<string, string>> = {
  'apps/runtime/src/infrastructure/fetch/egress/guarded-agent.ts': 'the author of an automation: the guard checks each address',
  'apps/gateway/src/infrastructure/identity/inside-fetch.ts': 'nobody: the provider in this process',
  'apps/gateway/src/infrastructure/identity/reached-at.ts': 'the operator: the provider',
  'apps/gateway/src/infrastructure/issuer/provider/build-provider.ts': 'the realm file: where clients hear of a sign-out',
  'apps/gateway/src/interface/sockets/event-streams.ts': 'nobody: instances of events',
  'apps/gateway/src/interface/sockets/pass-on.ts': 'nobody: instances of events',
  'apps/gateway/src/interface/sockets/sockets.ts': 'nobody: instances of events',
  'libs/auth/src/tokens/key-source.ts': 'the operator: the keys of the provider',
  'libs/blobs/src/s3/agent.ts': 'the operator: the store of blobs',
  'libs/messaging/src/event-log/jetstream/server/probe.ts': 'the operator: the monitor of NATS',
};

const FETCHES = /(?<![.\w#])(?<!(?:async|abstract|override|function) )fetch\((?!\w+: )/;
const CONNECTS =
  /import \{[^}]*(?<!type )\b(?:request|get|connect|createConnection|Agent|Client|Pool|buildConnector|WebSocket)\b[^}]*\} from '(?:undici|ws|node:https?|node:net|node:tls|node:http2|http|https)'/;

function placesIn(message: DescMessage, seen = new Set<string>()): readonly string[] {
  if (seen.has(message.typeName)) return [];
  seen.add(message.typeName);
  return message.fields.flatMap((field) => [
    ...(PLACE.test(field.name) ? [`${message.typeName}.${field.name}`] : []),
    ...(field.message === undefined ? [] : placesIn(field.message, seen)),
  ]);
}

describe('a way out of the house', () => {
  it('is opened by no request: none takes a URL that a service would go to', () => {
    const open = METHODS.filter((method) => routeOf(method) !== undefined);
    expect(open.length).toBeGreaterThan(100);
    expect(open.flatMap(({ input }) => placesIn(input))).toEqual([]);
  });

  it('is known, and who says where it leads', () => {
    const sources = globSync('{apps,libs}/*/src/**/*.ts').filter(
      (file) => !/\.(?:spec|contract)\.ts$|\/(?:gen|testing|simulation|docs)\/|^libs\/(?:testing|client)\/|^apps\/cli\//.test(file),
    );
    expect(sources.length).toBeGreaterThan(500);
    const found = sources.filter((file) => {
      const source = readFileSync(file, 'utf8');
      return FETCHES.test(source) || CONNECTS.test(source);
    });
    expect(found.toSorted()).toEqual(Object.keys(CALLERS).toSorted());
  });
});
