/** A piece of a page. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | readonly Html[];

/** A piece of a page from a template; texts that are put in stand there as they are, whatever they hold. */
export function html(strings: readonly string[], ...parts: readonly Part[]): Html {
  return { html: strings.reduce((page, string, index) => `${page}${shown(parts[index - 1] ?? '')}${string}`) };
}

function shown(part: Part): string {
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return 'html' in part ? part.html : part.map((piece) => piece.html).join('');
}
