import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { HandedFile } from './gathered-sources';
import { verified } from './verified-files';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (path: string, text: string, instance = ''): HandedFile => ({ path, text, instance, schemaVersion: 0 });
const DIGEST = sha(`${sha('do: []')} 6 automations/a.yaml\n${sha('ü')} 2 automations/b.yaml\n`);

async function* coming(...files: readonly HandedFile[]): AsyncGenerator<HandedFile> {
  yield* files;
}

describe('the files of a version', () => {
  it('are those that its digest stands for, in whatever order they come, and whatever is installed', async () => {
    const files = [file('automations/b.yaml', 'ü'), file('automations/a.yaml', 'do: []'), file('automations/c.yaml', 'x', 'crm')];
    await expect(Array.fromAsync(verified(coming(...files), DIGEST))).resolves.toEqual(files);
  });

  it.each([
    ['another text', [file('automations/a.yaml', 'do: [x]'), file('automations/b.yaml', 'ü')]],
    ['one file less', [file('automations/a.yaml', 'do: []')]],
    ['one file more', [file('automations/a.yaml', 'do: []'), file('automations/b.yaml', 'ü'), file('c', '')]],
    ['another name', [file('automations/a.yaml', 'do: []'), file('automations/d.yaml', 'ü')]],
  ])('are refused with %s', async (_, files) => {
    await expect(Array.fromAsync(verified(coming(...files), DIGEST))).rejects.toMatchObject({ code: 'runtime.model_damaged' });
  });
});
