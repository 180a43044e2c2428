import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { OFFERS } from '../contract/offers';
import { SqliteDocuments } from '../sqlite/sqlite-documents';

const typescript = fileURLToPath(new URL('../../../../tools/jest/run-typescript.mjs', import.meta.url));
const writer = fileURLToPath(new URL('./writer.ts', import.meta.url));

/** Lets a process write until it has acknowledged `count` writes, kills it, and answers all it acknowledged. */
async function writeAndKill(folder: string, prefix: string, count: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--import', typescript, writer, folder, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  return acknowledged;
}

describe('a process killed while it writes', () => {
  it('leaves every acknowledged document, and exactly one telling of each change in outbox or log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crash-'));
    const acknowledged: string[] = [];
    for (const [round, count] of [61, 500, 233].entries()) acknowledged.push(...(await writeAndKill(folder, `r${round}`, count)));

    const documents = await SqliteDocuments.open(join(folder, 'documents.sqlite'));
    const offers = await documents.collection(OFFERS);
    const waiting = (await documents.outbox.pending(100_000)).map(({ event }) => event.id);
    const told = new Set([...waiting, ...(await readFile(join(folder, 'log.txt'), 'utf8')).trim().split('\n')]);
    for (const id of acknowledged) {
      expect(told).toContain(id);
      expect([id, (await offers.find(id)) !== undefined]).toEqual([id, !told.has(`${id}-gone`)]);
    }
    for (const id of told) {
      if (!id.endsWith('-gone')) expect([id, (await offers.find(id)) !== undefined]).toEqual([id, !told.has(`${id}-gone`)]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(794);
    expect(new Set(waiting).size).toBe(waiting.length);
    await documents.close();
    await rm(folder, { recursive: true });
  }, 60_000);
});
