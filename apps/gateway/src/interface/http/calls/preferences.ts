import type { IncomingHttpHeaders } from 'node:http';

/** What a caller would like about its answer (RFC 7240). Whatever is not known here is passed over. */
export interface Preferences {
  /** Not to be shown what can be read elsewhere. */
  readonly minimal: boolean;
  /** Not to be held until the work is done. */
  readonly async: boolean;
  /** To be taken as it is, though something is wrong with it. */
  readonly lenient: boolean;
  /** Seconds to be held, no more than anybody is. */
  readonly wait?: number;
}

/** Seconds a caller is held at most. */
export const LONGEST_WAIT = 30;

const NONE: Preferences = { minimal: false, async: false, lenient: false };

/** Reads the header `Prefer`. Of a wish that stands twice, the first counts. */
export function preferencesOf({ prefer }: IncomingHttpHeaders): Preferences {
  if (prefer === undefined) return NONE;
  const wishes = [prefer].flat().join(',').split(',').map(wishOf);
  const valueOf = (name: string): string | undefined => wishes.find((wish) => wish.name === name)?.value;
  const wait = valueOf('wait') ?? '';
  return {
    minimal: valueOf('return') === 'minimal',
    async: valueOf('respond-async') !== undefined,
    lenient: valueOf('handling') === 'lenient',
    ...(/^\d{1,6}$/.test(wait) ? { wait: Math.min(Number(wait), LONGEST_WAIT) } : {}),
  };
}

/** One wish, without the parameters behind it. */
function wishOf(text: string): { readonly name: string; readonly value: string } {
  const [wish = ''] = text.split(';');
  const [name = '', ...value] = wish.split('=');
  return {
    name: name.trim().toLowerCase(),
    value: value
      .join('=')
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  };
}
