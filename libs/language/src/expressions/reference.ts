import { LanguageError } from '../problems/language-error';
import { keysOfPieces } from './path';
import type { KeyParts, PathPiece, Reference } from './ast';

const FORBIDDEN = /[(){}\]"'`,|&!=<>?+*;%\n\r]/;
const DEEPEST = 64;

/** Reads the reference that opens (`{{`) at `at`. Throws `language.reference_syntax` with its place. */
export function parseReference(source: string, at: number, depth = 0): Reference {
  const reader = new PathReader(source, at + 2, source.length, depth);
  const pieces = reader.pieces(true);
  if (!source.startsWith('}}', reader.at)) throw broken('this reference is not closed by `}}`', at, source.length);
  return finish(pieces, at, reader.at + 2, false);
}

/** Reads a path as it stands in `set.name` and `output`: without the outer braces, perhaps ending in `[]`. */
export function parsePath(text: string): Reference {
  const append = /\[\s*\]\s*$/.exec(text);
  const end = append?.index ?? text.length;
  const reader = new PathReader(text, 0, end, 0);
  return finish(reader.pieces(false), 0, end, append !== null);
}

function finish(pieces: readonly PathPiece[], at: number, end: number, append: boolean): Reference {
  const dynamic = pieces.some(
    (piece) => typeof piece === 'object' && (!('key' in piece) || piece.key.some((part) => typeof part === 'object')),
  );
  if (pieces.length === 0 || (pieces.length === 1 && typeof pieces[0] === 'string' && pieces[0].trim() === '')) {
    throw broken('a reference needs the name of a variable', at, end);
  }
  const reference: Reference = { kind: 'reference', pieces, append, at, end };
  if (dynamic) return reference;
  const keys = keysOfPieces(pieces as readonly (string | { readonly key: readonly string[] })[]);
  if (typeof keys === 'string') throw broken(keys, at, end);
  return { ...reference, keys };
}

class PathReader {
  private text = '';
  private readonly found: PathPiece[] = [];

  constructor(
    private readonly source: string,
    public at: number,
    private readonly end: number,
    private readonly depth: number,
  ) {
    if (depth > DEEPEST) throw broken(`references are nested more than ${DEEPEST} deep`, at, at + 2);
  }

  pieces(closing: boolean): readonly PathPiece[] {
    while (this.at < this.end && !(closing && this.source.startsWith('}}', this.at))) this.piece();
    this.flush();
    return this.found;
  }

  private piece(): void {
    const character = this.source.charAt(this.at);
    if (this.source.startsWith('{{', this.at)) return this.add(this.inner());
    if (character === '[') return this.add({ key: this.bracket() });
    if (FORBIDDEN.test(character))
      throw broken(`${JSON.stringify(character)} cannot stand in a reference; use {% %} for expressions`, this.at, this.at + 1);
    this.text += character;
    this.at += 1;
  }

  private add(piece: PathPiece): void {
    this.flush();
    this.found.push(piece);
  }

  private flush(): void {
    if (this.text !== '') this.found.push(this.text);
    this.text = '';
  }

  private inner(): Reference {
    const reference = parseReference(this.source, this.at, this.depth + 1);
    this.at = reference.end;
    return reference;
  }

  private bracket(): KeyParts {
    const open = this.at;
    this.at += 1;
    this.blanks();
    const quote = this.source.charAt(this.at);
    const quoted = quote === '"' || quote === "'";
    if (quoted) this.at += 1;
    const parts = this.keyParts(quoted ? quote : ']', open);
    if (quoted) this.at += 1;
    this.blanks();
    if (this.source.charAt(this.at) !== ']') throw broken('this bracket is not closed by `]`', open, this.at);
    this.at += 1;
    if (!quoted && parts.length === 1 && typeof parts[0] === 'string') return [parts[0].trim()];
    if (!quoted && parts.length === 0) throw broken('there is nothing between these brackets', open, this.at);
    return parts.length === 0 ? [''] : parts;
  }

  private keyParts(close: string, open: number): KeyParts {
    const parts: (string | Reference)[] = [];
    let text = '';
    while (this.at < this.end && this.source.charAt(this.at) !== close) {
      const character = this.source.charAt(this.at);
      if (this.source.startsWith('{{', this.at)) {
        if (text !== '') parts.push(text);
        text = '';
        parts.push(this.inner());
        continue;
      }
      if (close === ']' && /[[{}]/.test(character))
        throw broken(`${JSON.stringify(character)} cannot stand between brackets; quote the key`, this.at, this.at + 1);
      text += character;
      this.at += 1;
    }
    if (this.at >= this.end) throw broken('this bracket is not closed', open, this.end);
    const last = close === ']' && parts.length > 0 ? text.trimEnd() : text;
    return last === '' ? parts : [...parts, last];
  }

  private blanks(): void {
    while (/[ \t]/.test(this.source.charAt(this.at))) this.at += 1;
  }
}

function broken(message: string, at: number, end: number): LanguageError {
  return new LanguageError('language.reference_syntax', `This is no reference: ${message}.`, { at, end });
}
