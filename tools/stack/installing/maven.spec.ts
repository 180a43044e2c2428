import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchArtifact } from './maven.mjs';

const ARTIFACT = 'org.example:server:1.0:zip';
/** Of the text `whole`. */
const SHA256 = '5d5766cf2d78701614200418ee1450690d9af12c84d52545e4802f001ad53099';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-maven-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What Maven would do: leaves a file with that text, if any. */
const leaves = (text?: string) => async () => {
  if (text !== undefined) writeFileSync(join(folder, 'server-1.0.zip'), text);
};

describe('a file of a Maven repository', () => {
  it('is taken when its bytes are the pinned ones', async () => {
    await expect(fetchArtifact({ artifact: ARTIFACT, sha256: SHA256, into: folder, run: leaves('whole') })).resolves.toBe(
      join(folder, 'server-1.0.zip'),
    );
  });

  it('is refused when they are others', async () => {
    const fetched = fetchArtifact({ artifact: ARTIFACT, sha256: SHA256, into: folder, run: leaves('changed') });
    await expect(fetched).rejects.toThrow(/org\.example:server:1\.0:zip is not the file that was pinned: its SHA-256 is [0-9a-f]{64}/);
  });

  it('is refused when there is none', async () => {
    await expect(fetchArtifact({ artifact: ARTIFACT, sha256: SHA256, into: folder, run: leaves() })).rejects.toThrow(/left no file/);
  });
});
