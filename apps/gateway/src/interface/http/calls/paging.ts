import { createHash } from 'node:crypto';
import { clone, toBinary, type DescMethod, type Message } from '@bufbuild/protobuf';
import type { Principal } from '@millrace/kernel';
import type { SealedCursors } from '../../../application/cursors/sealed-cursors';
import type { Draft } from '../transcoding/read-message';

/** A page that was asked for: what its service is told, and what its caller is. */
export interface AskedPage {
  readonly message: Message;
  /** Seals the way to the next page into the answer, if there is one. */
  seal(answer: Message): Message;
}

/** The fields that turn a method into a list, by their names in the schemas. */
const CURSOR = 'cursor';
const NEXT = 'next_cursor';

/** Sees to it that what lists say of where a page ended means something only to the caller who got it, in the list it is from. */
export class Paging {
  constructor(private readonly cursors: SealedCursors) {}

  /** The page that a request of a list asks for; undefined when the method is none. Refuses with `api.cursor_invalid`. */
  asked({ input, output, parent, name }: DescMethod, message: Message, { kind, id }: Principal): AskedPage | undefined {
    if (!has(input, CURSOR) || !has(output, NEXT)) return undefined;
    const list = clone(input, message) as Draft;
    const sealed = list['cursor'] as string;
    // The size of a page may change on the way.
    Object.assign(list, { cursor: '', limit: 0 });
    const digest = createHash('sha256').update(toBinary(input, list)).digest('base64url');
    const binding = JSON.stringify([kind, id, parent.typeName, name, digest]);
    const asked = sealed === '' ? message : Object.assign(clone(input, message), { cursor: this.cursors.open(sealed, binding) });
    return { message: asked, seal: (answer) => this.sealed(answer, binding) };
  }

  private sealed(answer: Draft, binding: string): Message {
    const next = answer['nextCursor'] as string;
    if (next !== '') answer['nextCursor'] = this.cursors.seal(next, binding);
    return answer;
  }
}

function has({ fields }: DescMethod['input'], name: string): boolean {
  return fields.some((field) => field.name === name);
}
