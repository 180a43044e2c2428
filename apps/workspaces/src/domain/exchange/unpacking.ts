import { DomainError } from '@millrace/kernel';
import { isAsset } from '../tree/assets';
import { collisionsOf } from '../tree/paths';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits';
import { ownPath } from './packed-apps';
import { rooted } from './rooted';

/** A file taken out of an archive: a text, or the bytes of an asset. */
export interface UnpackedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Why something in an archive is not taken. `file` is empty when it is the archive as a whole. */
export interface ArchiveFault {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}

const NOTHING = new Uint8Array();
const LONGEST_PATH = 200;
const SHOWN = 50;

/** Thrown to stop reading: the archive has more than it may, and the fault is noted. */
export class ArchiveTooLarge extends Error {}

/**
 * Takes down what comes out of an archive of `size` bytes, and what is wrong with it. Whatever one file may be wrong with is noted and the
 * next is looked at, so that a report names them all; what has no end in sight stops with `ArchiveTooLarge`.
 */
export class Unpacking {
  private readonly files = new Map<string, Uint8Array>();
  private readonly faults: ArchiveFault[] = [];
  private entries = 0;
  private bytes = 0;

  constructor(
    private readonly size: number,
    private readonly limits: ArchiveLimits = ARCHIVE_LIMITS,
  ) {}

  /** The archive says beforehand how many files it holds: one that says too many is not looked into. */
  announce(entries: number): void {
    if (entries > this.limits.files) this.stop('too_many', `It holds more than ${this.limits.files} files.`);
  }

  /** Whether the file may be read: its name is one that a folder may hold, and the first of its kind. */
  admits(path: string): boolean {
    this.entries += 1;
    this.announce(this.entries);
    const fault = nameFault(path) ?? (this.files.has(path) ? { code: 'duplicate', reason: 'It is in the archive twice.' } : undefined);
    if (fault === undefined) this.files.set(path, NOTHING);
    else this.refuse(path, fault.code, fault.reason);
    return fault === undefined;
  }

  /** Counts bytes as they come out. */
  charge(count: number): void {
    const { always, bytes, ratio } = this.limits;
    this.bytes += count;
    if (this.bytes > bytes) this.stop('too_large', `Its files have more than ${bytes} bytes together.`);
    if (this.bytes > always && this.bytes > this.size * ratio) {
      this.stop('ratio', `It becomes more than ${ratio} times as large when it is unpacked.`);
    }
  }

  /** The bytes of a file that was admitted. */
  take(path: string, bytes: Uint8Array): void {
    if (bytes.byteLength > this.limits.file) return this.refuse(path, 'too_large', `It has more than ${this.limits.file} bytes.`);
    this.files.set(path, bytes);
  }

  refuse(file: string, code: string, reason: string): void {
    this.faults.push({ file: file.slice(0, LONGEST_PATH), code, reason });
  }

  /** The files in the order they came, from the root of the workspace that they are. Refuses (`workspaces.archive_refused`) with every fault, up to 50, unless there is none. */
  finish(): readonly UnpackedFile[] {
    for (const [path, other] of collisionsOf(this.files.keys())) {
      this.refuse(path, 'collision', `It cannot stand beside "${other}" in one folder.`);
    }
    const files = rooted([...this.files].map(([path, bytes]) => ({ path, bytes, place: path }))).map((file) => this.read(file));
    const [first, ...others] = this.faults;
    if (first !== undefined) throw archiveRefused(first, others);
    return files;
  }

  private read({ path, bytes, place }: { readonly path: string; readonly bytes: Uint8Array; readonly place: string }): UnpackedFile {
    if (isAsset(ownPath(path))) return { path, content: bytes };
    const text = textOf(bytes);
    if (text === undefined) this.refuse(place, 'not_text', 'It is no text in UTF-8. Only files below "assets/" may be anything else.');
    return { path, content: text ?? '' };
  }

  private stop(code: string, reason: string): never {
    this.refuse('', code, reason);
    throw new ArchiveTooLarge(reason);
  }
}

function nameFault(path: string): Pick<ArchiveFault, 'code' | 'reason'> | undefined {
  if (ownPath(path).length > LONGEST_PATH) return { code: 'path', reason: `Its path has more than ${LONGEST_PATH} characters.` };
  const parts = path.split('/');
  const isRelative = !/^(?:\/|[A-Za-z]:)/.test(path) && !parts.some((part) => part === '' || part === '.' || part === '..');
  if (!isRelative) return { code: 'path', reason: 'Its path leads out of the archive, or is not a plain relative one.' };
  if (/[\p{Cc}\p{Cf}\\]/u.test(path) || path !== path.normalize('NFC') || parts.includes('__proto__')) {
    return { code: 'path', reason: 'Its path has letters that are not taken for what they are everywhere.' };
  }
  return undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Nothing of the archive is taken; each fault names its file. */
function archiveRefused(first: ArchiveFault, others: readonly ArchiveFault[]): DomainError {
  const where = first.file === '' ? 'the archive' : `"${first.file}"`;
  const rest = others.length > 0 ? ` (and ${others.length} more)` : '';
  const faults = [first, ...others];
  return new DomainError(
    'workspaces.archive_refused',
    'invalid',
    `Nothing was imported. ${where}: ${first.reason}${rest} Mend the archive and send it again.`,
    {
      facts: { faults: faults.length },
      errors: faults.slice(0, SHOWN).map(({ file, code, reason }) => ({ pointer: pointerOf(file), code, detail: reason })),
    },
  );
}

function pointerOf(file: string): string {
  return file === '' ? '' : `/files/${file.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
