import type { estypes } from '@elastic/elasticsearch';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
// 1970 began on a Thursday.
const FIRST_MONDAY = 4 * DAY;
const KEYWORD = { type: 'keyword' } as const;
const LISTED = { type: 'keyword', doc_values: false } as const;
const STORED = { type: 'keyword', index: false, doc_values: false } as const;
const TIME = { type: 'date', format: 'epoch_millis' } as const;

/**
 * What every index has. Numbers are written as the server answers them, so that both can be compared. What is answered as stored is on the
 * disk; what nobody asked for becomes visible within two seconds; a second copy is held where there is a second node.
 */
export const SETTINGS = {
  number_of_shards: '1',
  auto_expand_replicas: '0-1',
  refresh_interval: '2s',
  translog: { durability: 'request' },
} as const;

/**
 * How an event lies in the store. `kv` and `text` are made from the payload, so they are found by, but not kept; `envelope` and `payload` are
 * kept, and not looked into.
 */
export const MAPPINGS = {
  dynamic: 'strict',
  _source: { excludes: ['text', 'kv', 'paths', 'gaps', 'voids', 'odd'] },
  properties: {
    workspace: KEYWORD,
    type: KEYWORD,
    time: TIME,
    recordedAt: TIME,
    offset: { type: 'long' },
    epoch: STORED,
    text: { type: 'text', norms: false, analyzer: 'whitespace' },
    kv: KEYWORD,
    paths: LISTED,
    gaps: LISTED,
    voids: LISTED,
    odd: LISTED,
    unindexed: { type: 'boolean' },
    envelope: STORED,
    payload: STORED,
  },
} satisfies estypes.MappingTypeMapping;

/** The indices of one history: `<prefix>-<class>-<first day of the week>`. There is one class so far. */
export class Layout {
  /** All of its indices. */
  readonly pattern: string;

  constructor(readonly prefix: string) {
    this.pattern = `${prefix}-standard-*`;
  }

  /** The index of events that happened at a time; throws on what is no time. */
  indexOf(time: number): string {
    const monday = Math.floor((time - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY;
    const [day = ''] = new Date(monday).toISOString().split('T');
    return `${this.prefix}-standard-${day}`;
  }
}
