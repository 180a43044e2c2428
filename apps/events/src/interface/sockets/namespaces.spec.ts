import { describe, expect, it } from '@jest/globals';
import { Namespaces } from './namespaces';

describe('the workspaces that a connection follows', () => {
  it('are so many at most, and make room for others when they are left', () => {
    const refused: string[] = [];
    const namespaces = new Namespaces(2, (code) => refused.push(code));
    const [one, other] = [{}, {}];
    for (const connection of [one, one, other]) namespaces.enter(connection);
    expect(() => namespaces.enter(one)).toThrow(expect.objectContaining({ code: 'events.too_many_namespaces' }));
    namespaces.leave(one);
    namespaces.enter(one);
    namespaces.enter(other);
    expect(() => namespaces.enter(other)).toThrow(expect.objectContaining({ refusal: 'exhausted', facts: { limit: 2 } }));
    expect(refused).toEqual(['events.too_many_namespaces', 'events.too_many_namespaces']);
  });
});
