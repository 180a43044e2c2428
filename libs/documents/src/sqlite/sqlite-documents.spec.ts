import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { documentsContract } from '../documents.contract';
import { offer, OFFERS } from '../contract/offers';
import { SqliteDocuments } from './sqlite-documents';

documentsContract('SqliteDocuments', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'documents-'));
  return {
    open: () => SqliteDocuments.open(join(folder, 'service', 'documents.sqlite')),
    remove: () => rm(folder, { recursive: true }),
  };
});

describe('SqliteDocuments', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'documents-'));
    path = join(folder, 'documents.sqlite');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('refuses to share its file', async () => {
    const documents = await SqliteDocuments.open(path);
    await expect(SqliteDocuments.open(path)).rejects.toMatchObject({ code: 'documents.in_use', refusal: 'unavailable' });
    await documents.close();
    await (await SqliteDocuments.open(path)).close();
  });

  it('passes on what is wrong with a file that is no database', async () => {
    await expect(SqliteDocuments.open(folder)).rejects.toThrow('unable to open');
  });

  it('walks an index for every page, and sorts nothing', async () => {
    const documents = await SqliteDocuments.open(path);
    const offers = await documents.collection(OFFERS);
    await offers.insert(offer('a'));
    await offers.page({ where: { employer: 'lac', open: true }, by: 'pay', direction: 'descending', limit: 1 });
    await documents.close();
    const database = new DatabaseSync(path);
    const query = `SELECT body FROM c_offers WHERE x_employer = 'lac' AND x_open = 1 AND (x_pay, id) < (5, 'b') ORDER BY x_pay DESC, id DESC LIMIT 2`;
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${query}`)
      .all()
      .map(({ detail }) => detail);
    database.close();
    expect(plan).toEqual([expect.stringMatching(/^SEARCH c_offers USING INDEX offers by employer open pay/)]);
  });

  it('writes more in one turn than fits one transaction', async () => {
    const documents = await SqliteDocuments.open(path);
    const offers = await documents.collection(OFFERS);
    await Promise.all(Array.from({ length: 2_500 }, (_, i) => offers.insert(offer(`o${i}`))));
    expect((await offers.get('o2499')).revision).toBe(1);
    await documents.close();
  });
});
