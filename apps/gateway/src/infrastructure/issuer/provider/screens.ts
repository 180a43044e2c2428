import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { deviceCodePage, deviceConfirmPage, deviceDonePage, type FormTarget } from '../pages/device-pages';
import { show } from '../pages/page';
import { problemPage } from '../pages/problem-page';
import { signedOutPage, signOutPage } from '../pages/sign-out-pages';

type Features = NonNullable<Configuration['features']>;

/** The device flow, with pages of ours. */
export const deviceFlow: NonNullable<Features['deviceFlow']> = {
  enabled: true,
  charset: 'base-20',
  mask: '****-****',
  userCodeInputSource: (ctx, _form, out, error) => {
    show(
      ctx,
      deviceCodePage(targetOf(ctx, 'code_verification'), out === undefined && error === undefined ? undefined : codeProblem(error)),
    );
  },
  userCodeConfirmSource: (ctx, _form, client, _device, code) => {
    show(ctx, deviceConfirmPage(targetOf(ctx, 'code_verification'), client.clientName ?? client.clientId, code));
  },
  successSource: (ctx) => {
    show(ctx, deviceDonePage());
  },
};

/** Signing out, with pages of ours. */
export const signOut: NonNullable<Features['rpInitiatedLogout']> = {
  enabled: true,
  logoutSource: (ctx) => {
    const { postLogoutRedirectUri } = (ctx.oidc.session?.state ?? {}) as { postLogoutRedirectUri?: string };
    show(ctx, signOutPage(targetOf(ctx, 'end_session_confirm'), postLogoutRedirectUri === undefined ? [] : [postLogoutRedirectUri]));
  },
  postLogoutSuccessSource: (ctx) => {
    show(ctx, signedOutPage());
  },
};

/** Any refusal of the provider that a person sees. */
export const renderError: NonNullable<Configuration['renderError']> = (ctx, { error, error_description: description }) => {
  const status = ctx.status >= 400 ? ctx.status : 400;
  show(ctx, problemPage(status, 'This did not work', `${description ?? error}. Go back to the app and start again.`));
};

function targetOf(ctx: KoaContextWithOIDC, route: string): FormTarget {
  const { secret } = (ctx.oidc.session?.state ?? {}) as { secret?: string };
  return { action: ctx.oidc.urlFor(route), secret: secret ?? '' };
}

function codeProblem(error: Error | undefined): string {
  switch (error?.name) {
    case 'NoCodeError':
      return 'Type the code that the device shows.';
    case 'AlreadyUsedError':
      return 'This code was used already. Ask the device for a new one.';
    case 'ExpiredError':
      return 'This code is too old. Ask the device for a new one.';
    case 'AbortedError':
      return 'You refused the device. It gets no access.';
    case 'NotFoundError':
      return 'There is no such code. Check it, or ask the device for a new one.';
    default:
      return 'The page was open for too long, or in another window too. Type the code again.';
  }
}
