import {
  any,
  block,
  boolean,
  dictionary,
  duration,
  either,
  expression,
  integer,
  list,
  map,
  mapOf,
  matching,
  number,
  oneOf,
  raw,
  strictList,
  text,
} from '../shapes/shape';
import type { Fields, Shape } from '../shapes/shape';
import { retryShape } from '../instructions/step';

/** Text, or texts by language. */
const localized: Shape = either(text, mapOf(text));

const METHODS = oneOf(
  'get',
  'head',
  'post',
  'put',
  'patch',
  'delete',
  'options',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
);

const EVENT = either(
  text,
  map({
    event: { shape: text, is: 'Name or pattern', required: true },
    filter: { shape: expression, is: 'An expression over the event that must hold' },
  }),
);

const VERIFY = map({
  preset: { shape: oneOf('standard-webhooks', 'github', 'stripe', 'slack', 'shopify', 'hmac'), is: 'Whose way of signing', required: true },
  secret: { shape: raw, is: 'The shared secret, such as {{secret.NAME}}', required: true },
  tolerance: { shape: duration, is: 'How old a signed call may be', default: '5m' },
  header: { shape: text, is: 'For hmac: the header that holds the signature' },
  algorithm: { shape: text, is: 'For hmac: sha256, sha1 or sha512' },
  encoding: { shape: text, is: 'For hmac: hex or base64' },
  payload: { shape: text, is: 'For hmac: what is signed; the body, or with timestamp that time, a dot and the body' },
  prefix: { shape: text, is: 'For hmac: what stands before the signature in its header' },
  timestamp: { shape: text, is: 'For hmac: the header that says when it was signed; then tolerance counts' },
});

const ENDPOINT = either(
  boolean,
  text,
  map({
    path: { shape: text, is: 'orders/:id; the last segment may be *rest', default: 'the slug' },
    methods: { shape: list(METHODS), is: 'The methods it answers', default: 'all' },
    access: { shape: text, is: 'members, signed-in, public, or the action a rule must allow', default: 'members' },
    verify: { shape: VERIFY, is: 'Checks the signature of a webhook' },
    request: { shape: raw, is: 'JSON Schema of the body' },
    respond: { shape: oneOf('result', 'accepted'), is: 'Whether the caller waits for the result', default: 'result' },
    wait: { shape: duration, is: 'How long a call is held', default: '25s' },
    onDisconnect: { shape: oneOf('continue', 'cancel'), is: 'What becomes of the run when the caller goes away', default: 'continue' },
    dedupe: { shape: raw, is: 'The same value within 24 hours gets the first answer' },
  }),
);

const SCHEDULE = either(
  text,
  map({
    cron: { shape: text, is: 'Cron of 5 or 6 fields' },
    every: { shape: duration, is: 'A period' },
    at: { shape: text, is: 'A date and time, once' },
    timeZone: { shape: text, is: 'IANA zone', default: 'the one of the workspace' },
    missed: { shape: oneOf('none', 'last', 'all'), is: 'What to catch up on after an outage', default: 'last' },
    missedWithin: { shape: duration, is: 'How late a missed time still counts', default: '1h' },
    overlap: { shape: oneOf('skip', 'queue', 'cancel', 'allow'), is: 'What to do when the last run still goes on', default: 'skip' },
    jitter: { shape: duration, is: 'The span over which automations are spread' },
    dst: {
      shape: map({
        missing: { shape: oneOf('shift', 'skip'), is: 'A time that does not exist', default: 'shift' },
        repeated: { shape: oneOf('first', 'both'), is: 'A time that exists twice', default: 'first' },
      }),
      is: 'What to do when clocks change',
    },
  }),
);

const SOURCE = map({
  action: { shape: text, is: 'An action of kind source', required: true },
  version: { shape: text, is: 'Its version' },
  inputs: { shape: dictionary, is: 'What it is given' },
  place: { shape: raw, is: 'Where it runs' },
  filter: { shape: expression, is: 'An expression over the record that must hold' },
});

/** What other tools write and nobody reads. */
const IGNORED: Fields = Object.fromEntries(
  ['events', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'checksum'].map((name) => [
    name,
    { shape: raw, is: 'Accepted and ignored' },
  ]),
);

const ADMISSION: Fields = {
  order: { shape: oneOf('event', 'none'), is: 'Whether runs of events with the same key start one after the other', default: 'event' },
  concurrency: {
    shape: map({
      limit: { shape: integer(1), is: 'How many run at once', required: true },
      key: { shape: raw, is: 'What is counted separately' },
      policy: { shape: oneOf('queue', 'skip', 'reject', 'cancel'), is: 'What to do with one too many', default: 'queue' },
    }),
    is: 'How many runs there may be at once',
  },
  debounce: {
    shape: map({
      key: { shape: raw, is: 'What is counted separately' },
      period: { shape: duration, is: 'How long nothing may come', required: true },
      maxWait: { shape: duration, is: 'The longest wait' },
    }),
    is: 'Starts once nothing has come for a while; the last counts',
  },
  batch: {
    shape: map({
      size: { shape: integer(1), is: 'The most of them', required: true },
      within: { shape: duration, is: 'The longest wait', required: true },
      key: { shape: raw, is: 'What is counted separately' },
    }),
    is: 'One run for many starts',
  },
  timeout: { shape: duration, is: 'How long a run may take, waiting included', default: '30d' },
  retry: { shape: retryShape, is: 'Runs it again after an error nothing took in' },
  priority: { shape: oneOf('low', 'normal', 'high'), is: 'Its rank among waiting runs of the workspace', default: 'normal' },
  record: { shape: oneOf('full', 'summary', 'errors', 'none'), is: 'What is kept of its runs', default: 'full' },
};

/** An automation document. */
export const automationShape: Extract<Shape, { kind: 'map' }> = {
  kind: 'map',
  fields: {
    name: { shape: localized, is: 'What people call it', default: 'the slug' },
    description: { shape: localized, is: 'What it is for' },
    slug: { shape: text, is: 'What others call it by', default: 'from the name of the file' },
    compat: { shape: oneOf('prisme', 'none'), is: 'How expressions are read', default: 'the one of the workspace' },
    labels: { shape: strictList(matching('^[0-9A-Za-z._:-]{2,60}$')), is: 'For search and grouping' },
    when: {
      shape: map({
        events: { shape: list(EVENT), is: 'Events that start it: names, patterns, or with a filter' },
        endpoint: { shape: ENDPOINT, is: 'The address it answers at' },
        schedules: { shape: list(SCHEDULE), is: 'Times at which it starts' },
        sources: { shape: strictList(SOURCE), is: 'Actions whose records start it' },
      }),
      is: 'What starts it',
    },
    arguments: { shape: mapOf(raw), is: 'What callers may pass: a schema for each name' },
    schemas: {
      shape: strictList(
        map({
          conditions: { shape: raw, is: 'When it applies' },
          payload: { shape: raw, is: 'Schema of what is passed' },
          output: { shape: raw, is: 'Schema of the output' },
        }),
      ),
      is: 'Schemas, of which the first that applies holds',
    },
    validateArguments: { shape: boolean, is: 'Whether what is passed is validated', default: 'true when declared' },
    private: { shape: boolean, is: 'Callable only inside its own workspace or app', default: false },
    disabled: { shape: boolean, is: 'Neither triggered nor callable', default: false },
    authorizations: { shape: map({ action: { shape: text, is: 'The action a rule must allow' } }), is: 'What callers need' },
    ...ADMISSION,
    do: { shape: block, is: 'The instructions', required: true },
    output: { shape: any, is: 'What it answers; evaluated after do', default: {}, nullable: true },
    ...IGNORED,
  },
};

/** `workspace.yaml`. */
export const workspaceShape: Extract<Shape, { kind: 'map' }> = {
  kind: 'map',
  fields: {
    name: { shape: localized, is: 'What people call it' },
    description: { shape: localized, is: 'What it is for' },
    slug: { shape: text, is: 'What it is called by' },
    language: { shape: integer(1, 1), is: 'The version of the language', default: 1 },
    compat: { shape: oneOf('prisme', 'none'), is: 'How expressions are read', default: 'none' },
    timeZone: { shape: text, is: 'IANA zone of dates and schedules', default: 'UTC' },
    locale: { shape: text, is: 'Language of dates', default: 'en' },
    config: {
      shape: map({ schema: { shape: raw, is: 'JSON Schema' }, value: { shape: dictionary, is: 'The values' } }),
      is: 'Configuration',
    },
    limits: { shape: mapOf(number), is: 'Lower limits than those of the server' },
    labels: { shape: strictList(text), is: 'For search and grouping' },
    photo: { shape: text, is: 'A picture' },
    permissions: {
      shape: map({
        reads: { shape: strictList(text), is: 'Events of the platform' },
        emits: { shape: strictList(text), is: 'Events' },
        hosts: { shape: strictList(text), is: 'Hosts, without a port' },
        secrets: { shape: strictList(text), is: 'Secrets of the workspace it is installed in' },
        actions: { shape: strictList(text), is: 'Actions' },
        topics: { shape: strictList(text), is: 'Topics' },
        files: { shape: boolean, is: 'Whether it keeps answers as files' },
      }),
      is: 'As an app: the names that are only known when it runs. It may use these and no others',
    },
  },
};
