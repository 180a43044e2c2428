import { describe, expect, it } from '@jest/globals';
import { BUCKETS as DECLARED } from '../../../../tools/generate/nats/subjects.mjs';
import { LAST_BUCKET } from '../stores';
import { BUCKETS } from './prepare-servers';

describe('what is made on the servers of NATS', () => {
  it('is every bucket that some service declares, the one that tells that all are there last', () => {
    expect([...BUCKETS, LAST_BUCKET].toSorted()).toEqual([...DECLARED]);
    expect(BUCKETS).not.toContain(LAST_BUCKET);
  });
});
