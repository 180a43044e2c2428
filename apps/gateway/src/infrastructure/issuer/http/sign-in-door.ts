import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '@millrace/kernel';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { send } from '../pages/page';
import { problemPage } from '../pages/problem-page';
import { signInPage, type SignInView } from '../pages/sign-in-page';
import type { IssuerParts } from '../parts';
import { findClient } from '../realm/realm';
import { cookieOf, setCookie } from './cookies';
import { readForm } from './form-body';

export const LINK_COOKIE = 'millrace_sign_in_link';

/** The page where a person signs in, and what it is sent. */
export class SignInDoor {
  constructor(
    private readonly parts: IssuerParts,
    private readonly provider: Provider,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const view = await this.viewOf(request, response);
    if (view === undefined) send(response, expired());
    else if (request.method === 'POST') await this.signIn(request, response, view);
    else if (!(await this.signInByLink(request, response))) send(response, signInPage(view));
  }

  private async signIn(request: IncomingMessage, response: ServerResponse, view: SignInView): Promise<void> {
    const form = await readForm(request);
    const name = form?.get('name') ?? '';
    try {
      const account = await this.parts.signIns.attempt(name, form?.get('password') ?? '', this.parts.tallies.get(request));
      if (account !== undefined) return await this.finish(request, response, account.id, 'pwd');
      send(
        response,
        signInPage({ ...view, name, problem: 'Wrong name or password. After several failures the account rests for a minute.' }),
      );
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      send(response, { ...signInPage({ ...view, name, problem: error.message }), status: 429 });
    }
  }

  /** Signs in whoever came by a link that nobody has used yet. */
  private async signInByLink(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const token = cookieOf(request, LINK_COOKIE);
    const accountId = token === undefined ? undefined : await this.parts.links.redeem(token);
    if (token !== undefined) setCookie(response, { name: LINK_COOKIE, value: '', url: this.parts.issuerUrl, maxAge: 0 });
    if (accountId === undefined) return false;
    await this.finish(request, response, accountId, 'link');
    return true;
  }

  private async finish(request: IncomingMessage, response: ServerResponse, accountId: string, how: string): Promise<void> {
    await this.provider.interactionFinished(request, response, { login: { accountId, amr: [how] } });
  }

  private async viewOf(request: IncomingMessage, response: ServerResponse): Promise<SignInView | undefined> {
    try {
      const { params } = await this.provider.interactionDetails(request, response);
      const client = findClient(this.parts.realm, text(params['client_id']));
      const redirect = text(params['redirect_uri']);
      return {
        client: client?.name ?? 'the app that asked',
        name: text(params['login_hint']),
        leadsTo: redirect === undefined ? [] : [redirect],
      };
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function expired() {
  return problemPage(
    400,
    'This sign-in has ended',
    'It took too long, or was finished in another window. Go back to the app and start again.',
  );
}
