import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for a test, with files in it; gone when disposed of. */
export class TestFolder implements Disposable {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-cli-')));

  /** @param files path → text */
  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  write(file: string, content: string | Uint8Array): void {
    const place = join(this.path, file);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
