import { html } from '../docs/html';
import { CODES } from './gen/codes';
import { titleOf } from './problem';

/** What is known of a code, for the page that a problem's `type` leads to. */
export interface ProblemPage {
  readonly code: string;
  readonly title: string;
  readonly description: string;
  /** What it says, … where something is put in. */
  readonly sentences: readonly string[];
}

/** What each of the seven refusals asks of whoever gets it. */
const ADVICE: Readonly<Record<string, string>> = {
  invalid:
    'The request itself cannot be taken as it is: correct what "errors" and "detail" name, and send it again. The same request is refused again.',
  unauthenticated: 'Nobody could be recognised: sign in, or send another credential.',
  forbidden: 'Whoever asked may not do this. Ask somebody who may, or for the right; "facts" say which one it is where that may be told.',
  'not-found': 'There is no such thing, or whoever asked may not know of it.',
  conflict: 'It contradicts what is there now: read it again, and decide anew.',
  exhausted: 'There is too much of something: wait as long as "Retry-After" says if it is there, else make room or ask for less.',
  unavailable: 'It cannot be done just now, and nothing is wrong with the request: send it again after "Retry-After".',
};
const ANY_DENIED = /^[a-z-]+\.[a-z_]+_denied$/;

/** The page of a code; of one that is not ours, such as an automation's own, what can be said of any. */
export function problemPage(code: string): ProblemPage {
  const known = CODES[code];
  const refusals = known?.refusals ?? (ANY_DENIED.test(code) ? ['forbidden'] : []);
  const advice = refusals.flatMap((refusal) => ADVICE[refusal] ?? []);
  const description =
    advice.length > 0
      ? advice.join(' ')
      : `A refusal by what is named "${code.split('.')[0] ?? ''}". Its "detail" says what happened, where, and what to do.`;
  return { code, title: titleOf(code), description, sentences: known?.sentences ?? [] };
}

/** The same for people. */
export function problemHtml({ code, title, description, sentences }: ProblemPage): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/docs/docs.css" />
      </head>
      <body>
        <h1>${title}</h1>
        <p><code>${code}</code></p>
        <p>${description}</p>
        ${sentences.length === 0 ? [] : [html`<h2>What it says</h2>`]}
        <ul>
          ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>
        <p>
          "errors" names each place that is wrong, "requestId" finds the request in the log.
          <a href="/docs">All that can be called</a>
        </p>
      </body>
    </html>`.html;
}
