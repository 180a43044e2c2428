import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ArchiveFormat } from '../../application/ports/archives';
import type { UnpackedFile } from '../../domain/exchange/unpacking';
import { NodeArchives } from './node-archives';

const archives = new NodeArchives();

async function packed(files: readonly UnpackedFile[], format: ArchiveFormat): Promise<Buffer> {
  const source = async function* (): AsyncGenerator<UnpackedFile> {
    yield* await Promise.resolve(files);
  };
  return Buffer.concat(await Array.fromAsync(archives.pack(source(), format)));
}

const format = fc.constantFrom<ArchiveFormat>('zip', 'tar.gz');
const segment = fc.stringMatching(/^[a-z][a-z0-9_-]{0,30}$/);
const path = (folder: string, kind: string) =>
  fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `${folder}/${parts.join('/')}.${kind}`);
const files = fc.uniqueArray(
  fc.oneof(
    fc.record({ path: path('docs', 'yaml'), content: fc.string().map((text) => text.toWellFormed()) }),
    fc.record({ path: path('assets', 'png'), content: fc.uint8Array().map((bytes) => Buffer.from(bytes)) }),
  ),
  { selector: ({ path }) => path, maxLength: 8 },
);

describe('an archive', () => {
  it('gives back what was packed, in its order', async () => {
    await fc.assert(
      fc.asyncProperty(files, format, async (some, as) => {
        const written: readonly UnpackedFile[] = [{ path: 'workspace.yaml', content: 'name: Some\n' }, ...some];
        expect(await archives.unpack(await packed(written, as))).toEqual(written);
      }),
      { numRuns: 30 },
    );
  });

  it('with bytes that are not as they were is refused, or read: nothing else comes of it', async () => {
    const whole = { zip: await packed(SOME, 'zip'), 'tar.gz': await packed(SOME, 'tar.gz') };
    const change = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }) });
    await fc.assert(
      fc.asyncProperty(format, fc.array(change, { minLength: 1, maxLength: 4 }), fc.option(fc.nat()), async (as, changes, cut) => {
        const bytes = Buffer.from(whole[as]);
        for (const { at, to } of changes) bytes[at % bytes.length] = to;
        const sent = cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
        const outcome = await archives.unpack(sent).then(
          () => 'read',
          (error: unknown) => (error as { code?: string }).code,
        );
        expect(['read', 'workspaces.archive_refused']).toContain(outcome);
      }),
      { numRuns: 150 },
    );
  });
});

const SOME: readonly UnpackedFile[] = [
  { path: 'automations/greet.yaml', content: 'do: []\noutput: hi\n' },
  { path: 'workspace.yaml', content: 'name: Some\n' },
];
