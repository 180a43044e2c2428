import { html } from './html';
import type { Page } from './page';

/** What the sign-in page shows. */
export interface SignInView {
  /** The app that asks, as people know it. */
  readonly client: string;
  /** Filled in already. */
  readonly name?: string | undefined;
  readonly problem?: string | undefined;
  readonly leadsTo: readonly string[];
}

export function signInPage({ client, name, problem, leadsTo }: SignInView): Page {
  const alert = problem === undefined ? undefined : html`<p role="alert" id="problem">${problem}</p>`;
  const described = problem === undefined ? undefined : html` aria-describedby="problem"`;
  const [first, second] = name === undefined ? [html` autofocus`, undefined] : [undefined, html` autofocus`];
  return {
    title: 'Sign in',
    status: problem === undefined ? 200 : 403,
    leadsTo,
    body: html`<p class="soft">to go on to ${client}</p>
      ${alert}
      <form method="post">
        <label for="name">User name or e-mail</label>
        <input
          id="name"
          name="name"
          value="${name}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required${described}${first}
        />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required${described}${second} />
        <button type="submit">Sign in</button>
      </form>`,
  };
}
