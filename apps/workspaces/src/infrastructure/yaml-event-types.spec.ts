import { describe, expect, it } from '@jest/globals';
import { YamlEventTypes } from './yaml-event-types';

describe('a declaration that is no mapping', () => {
  const types = new YamlEventTypes();
  const path = 'events/orders.paid.yaml';

  it.each(['[{ title: Paid }]', 'Paid', '42', 'null', '', '{'])('says nothing, and breaks nothing: %s', (text) => {
    expect(types.read({ path, text })).toEqual(types.read({ path, text: '{}' }));
    expect(types.checkName({ path, text })).toEqual([]);
  });

  it.each(['[{ title: Paid }]', 'Paid', '42', '{'])('is refused by the check: %s', (text) => {
    expect(types.check({ path, text })).toContainEqual(expect.objectContaining({ severity: 'error', file: path }));
  });
});
