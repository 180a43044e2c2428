import { describe, expect, it } from '@jest/globals';
import { typed } from '../../testing/typed';

describe('millrace schema', () => {
  it.each(['automation', 'workspace', 'event', 'apps'])('prints the JSON Schema of an %s document', async (kind) => {
    const { code, output, notes } = await typed(['schema', kind]);
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    expect(JSON.parse(output)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `/schemas/v1/${kind}.json`,
      type: 'object',
    });
  });

  it('refuses other kinds and names those there are', async () => {
    expect(await typed(['schema', 'automaton'])).toMatchObject({
      code: 2,
      notes: expect.stringContaining('There is no schema of `automaton`. Did you mean `automation`?'),
    });
    expect(await typed(['schema'])).toMatchObject({
      code: 2,
      notes: expect.stringContaining('Next: there are schemas of automation, workspace, event, apps.'),
    });
  });
});
