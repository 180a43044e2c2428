import { Composer, Parser } from 'yaml';
import type { CST, Document, ErrorCode } from 'yaml';

const OPTIONS = { version: '1.2', schema: 'core', prettyErrors: false, merge: false, uniqueKeys: false, logLevel: 'silent' } as const;

/** What is wrong with a text, and where: `end` is behind it. */
export interface Mistake {
  readonly code: ErrorCode;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** The first two documents of a text; none where there are more mistakes than were asked for. */
export interface Composed {
  readonly documents: readonly Document.Parsed[];
  readonly mistakes: readonly Mistake[];
}

/** Goes through the library, to stop it. */
class Enough extends Error {}

/**
 * Builds the documents of a text. Ends with the second one, and with the first mistake beyond `most`: to tell all that is wrong with a
 * broken text takes many times as long as to read a sound one.
 */
export function compose(text: string, most: number): Composed {
  const mistakes: Mistake[] = [];
  const tell = (mistake: Mistake): void => {
    if (mistakes.length >= most) throw new Enough();
    mistakes.push(mistake);
  };
  try {
    return { documents: documentsIn(text, tell), mistakes };
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    return { documents: [], mistakes };
  }
}

type Tell = (mistake: Mistake) => void;

function documentsIn(text: string, tell: Tell): readonly Document.Parsed[] {
  const composer = composerFor(tell);
  const documents: Document.Parsed[] = [];
  let begun = 0;
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error') tell(mistakeOf(token));
    else documents.push(...composer.next(token));
    if (token.type === 'document') begun += 1;
    if (begun > 1) break;
  }
  return [...documents, ...composer.end()];
}

/** What the library makes an error of by itself, and would go on making errors of. */
function mistakeOf({ offset: start, source, message }: CST.Token & { readonly type: 'error' }): Mistake {
  return { code: 'UNEXPECTED_TOKEN', start, end: start + source.length, message };
}

type OnError = (at: number | readonly [number, number] | CST.Token, code: ErrorCode, message: string, warning?: boolean) => void;

/** The library keeps to itself whom it tells of mistakes; a stack for each, that nobody looks at, is what takes the time. */
function composerFor(tell: Tell): Composer {
  const composer = new Composer(OPTIONS);
  const onError: OnError = (at, code, message, warning) => {
    if (warning !== true) tell({ code, ...placeOf(at), message });
  };
  Object.assign(composer, { onError });
  return composer;
}

function placeOf(at: Parameters<OnError>[0]): Pick<Mistake, 'start' | 'end'> {
  if (typeof at === 'number') return { start: at, end: at + 1 };
  if ('offset' in at) return { start: at.offset, end: at.offset + ('source' in at ? at.source.length : 1) };
  return { start: at[0], end: at[1] };
}
