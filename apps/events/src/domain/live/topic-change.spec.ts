import { describe, expect, it } from '@jest/globals';
import { topicChangeOf } from './topic-change';

const told = (type: string, payload: object) => topicChangeOf(type, new TextEncoder().encode(JSON.stringify(payload)));

describe('who is in a topic after an event', () => {
  it('is one more, one less or nobody', () => {
    const payload = { topic: 'crew', user: 'tom' };
    expect(told('events.topics.joined', payload)).toEqual({ kind: 'joined', ...payload });
    expect(told('events.topics.left', payload)).toEqual({ kind: 'left', ...payload });
    expect(told('events.topics.deleted', { topic: 'crew' })).toEqual({ kind: 'left', topic: 'crew' });
  });

  it('is as before when it tells of anything else', () => {
    for (const type of ['events.topics.created', 'guests.joined']) expect(told(type, { topic: 'crew', user: 'tom' })).toBeUndefined();
  });

  it('is as before when it does not say who or where', () => {
    for (const payload of [{}, { user: 'tom' }, { topic: 5, user: 'tom' }]) expect(told('events.topics.joined', payload)).toBeUndefined();
    for (const type of ['events.topics.joined', 'events.topics.left']) expect(told(type, { topic: 'crew', user: null })).toBeUndefined();
    expect(topicChangeOf('events.topics.deleted', new Uint8Array())).toBeUndefined();
  });
});
