import type { JsonMap } from '@millrace/kernel';

/** Texts that fit a pattern, by the pattern. */
export const TEXTS_OF_PATTERNS: Readonly<Record<string, string>> = {
  '^[A-Z][A-Z0-9_]{0,63}$': 'MILL_TOKEN',
  '^[A-Za-z0-9][A-Za-z0-9/_-]{0,99}$': 'orders/remind',
  '^[a-z][a-z0-9-]{1,38}[a-z0-9]$': 'hotel-du-lac',
  '^[A-Za-z0-9_-]{1,64}$': 'order-4711',
  '^[^.]+(\\.[^.]+)*$': 'total',
  '^[A-Za-z0-9._:@-]{1,128}$': 'reception',
  '^(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})$': '1.0.0',
  '^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$': 'https://shop.example',
};

const ID = '01kq3v5t9x8m2n4p6r7s0w1y3z';
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** What usually stands in a text, by the name of its field; `Message.field` where one message means something else by it. */
export const TEXTS: Readonly<Record<string, string>> = {
  ...{ 'Workspace.id': `ws_${ID}`, 'Version.id': `ver_${ID}`, 'Run.id': `run_${ID}`, 'Event.id': `evt_${ID}`, id: ID },
  ...{
    workspaceId: 'hotel-du-lac',
    runId: `run_${ID}`,
    eventId: `evt_${ID}`,
    fileId: `fil_${ID}`,
    keyId: `key_${ID}`,
    memberId: `mem_${ID}`,
    shareId: `shr_${ID}`,
    'Share.id': `shr_${ID}`,
  },
  ...{
    userId: '0f6b3c52-6f0d-4c0e-9f6e-3d6a1d0b7c11',
    user: '0f6b3c52-6f0d-4c0e-9f6e-3d6a1d0b7c11',
    owner: 'ada',
    author: 'ada',
    updatedBy: 'ada',
  },
  ...{
    name: 'Hôtel du Lac',
    title: 'Night porter',
    description: 'What happens at the reception.',
    message: 'Reminders go out at nine.',
    note: 'As agreed.',
  },
  ...{ slug: 'hotel-du-lac', 'Automation.slug': 'orders/remind', automation: 'orders/remind', labels: 'reception', label: 'reception' },
  ...{
    etag: '7',
    ifMatch: '"7"',
    ifNoneMatch: '*',
    cursor: '',
    nextCursor: 'Zm9yIHlvdXIgZXllcyBvbmx5',
    idempotencyKey: 'order-4711',
    prefer: 'wait=10',
  },
  ...{
    state: 'active',
    outcome: 'succeeded',
    role: 'editor',
    roles: 'editor',
    inherits: 'viewer',
    visibility: 'private',
    severity: 'warning',
  },
  ...{
    type: 'orders.order.paid',
    types: 'orders.>',
    event: 'orders.order.paid',
    listens: 'orders.order.paid',
    subject: 'order/4711',
    key: 'order-4711',
  },
  ...{
    where: 'payload.total >= 1000',
    q: 'type:orders.* payload.total:5 -state:ok reminder',
    text: 'reminder',
    sort: 'newest',
    reason: 'Only during the season.',
    detail: 'Choose another slug.',
  },
  ...{
    digest: DIGEST,
    sha256: DIGEST,
    fingerprint: DIGEST,
    email: 'ada@example.org',
    ip: '203.0.113.7',
    addresses: '203.0.113.0/24',
    timeZone: 'Europe/Zurich',
  },
  ...{
    actions: 'read',
    allow: 'read',
    deny: 'erase',
    action: 'read',
    subjects: 'events',
    on: 'events',
    fields: 'payload.email',
    scopes: 'read:events',
  },
  ...{ object: 'orders/remind', 'Share.subject': 'automations', 'CreateShareRequest.subject': 'automations' },
  ...{
    kind: 'global',
    decision: 'approved',
    endpoint: 'orders',
    path: 'orders/remind',
    file: 'automations/orders/remind.yaml',
    result: `/v1/results/${ID}`,
  },
  ...{ jobId: `job_${ID}`, 'Job.id': `job_${ID}`, 'Job.kind': 'import', 'Job.state': 'done' },
  ...{ source: 'name: Remind\nwhen: { events: orders.order.paid }\ndo: []\n', workspaces: 'hotel-du-lac', correlationId: 'req_4711-0001' },
};

/** A text as it stands in a schema that is not a message's. */
export const PROBLEM_EXAMPLE: JsonMap = {
  type: 'https://millrace.example/problems/api.field_unknown',
  title: 'Field unknown',
  status: 400,
  detail: '/nmae: There is no field "nmae" here. Did you mean "name"?',
  instance: '/v1/workspaces',
  code: 'api.field_unknown',
  errors: [{ pointer: '/nmae', code: 'api.field_unknown', detail: 'There is no field "nmae" here. Did you mean "name"?' }],
  requestId: 'req_4711-0001',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
};
