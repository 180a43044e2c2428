import { SystemAlarms, type ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import { IdentifyCaller } from './application/identify-caller';
import { ErasePerson } from './application/leaving/erase-person';
import { FollowRemovals } from './application/leaving/follow-removals';
import { Leave } from './application/leaving/leave';
import type { KnownCredentials } from './application/credentials/known-credentials';
import type { Revocations } from './application/ports/revocations';
import { OwnSessions } from './application/sessions/own-sessions';
import { SessionCallers } from './application/sessions/session-callers';
import { SignIn } from './application/sessions/sign-in';
import { SignOut } from './application/sessions/sign-out';
import { Visits } from './application/sessions/visits';
import type { GatewayConfig } from './config';
import { CountedTokens } from './infrastructure/identity/counted-tokens';
import type { OpenIdentity } from './infrastructure/identity/open-identity';
import { ErasedEvents } from './infrastructure/leaving/erased-events';
import { KeyValueErasures } from './infrastructure/leaving/key-value-erasures';
import { LoggedSessionNews } from './infrastructure/sessions/logged-session-news';
import { AuthRoutes } from './interface/http/auth/auth-routes';
import { Cookies } from './interface/http/auth/cookies';
import { HttpCallers } from './interface/http/auth/http-callers';
import { LeavingRoute } from './interface/http/auth/leaving-route';
import type { Routes } from './interface/http/routes';
import { Memberships } from './interface/rpc/memberships';

/** Who signs people in, and what says whether a proof still counts. */
export interface Doorkeeping {
  readonly identity: OpenIdentity;
  readonly revocations: Revocations;
  readonly credentials: KnownCredentials;
}

/** What the gateway's other parts use of whom it knows. */
export interface OpenSessions {
  readonly callers: HttpCallers;
  readonly routes: readonly Routes[];
  readonly providers: readonly Provider[];
}

/** Puts together how people come, stay and leave; from now on those who left are seen off. */
export async function openSessions(
  parts: ServiceParts,
  { publicUrl, issuerUrl }: GatewayConfig,
  keeping: Doorkeeping,
): Promise<OpenSessions> {
  const { identity, revocations, credentials } = keeping;
  const { signIn, signOut, sessions, visits, news } = sessionsOf(parts, keeping);
  const issuers = [issuerUrl, publicUrl];
  const tokens = new CountedTokens(identity.tokens, parts.metrics);
  const identify = new IdentifyCaller({ tokens, sessions, credentials, revocations, issuers });
  const cookies = new Cookies(publicUrl);
  const callers = new HttpCallers({ callers: identify, cookies, origin: new URL(publicUrl).origin });
  const { leave, background } = await leavingOf(parts, { accounts: identity.accounts, signOut, news });
  return {
    callers,
    routes: [
      new AuthRoutes({ signIn, signOut, callers, cookies, publicUrl }),
      new LeavingRoute({ leave, callers, cookies }),
      { mount: () => undefined, close: background },
    ],
    providers: [
      { provide: IdentifyCaller, useValue: identify },
      { provide: OwnSessions, useValue: new OwnSessions(identity.sessions) },
      { provide: SignOut, useValue: signOut },
      { provide: Visits, useValue: visits },
      { provide: Leave, useValue: leave },
      { provide: Memberships, useValue: new Memberships(parts.bus) },
    ],
  };
}

/** What signs people in and out by the browser. */
function sessionsOf({ platform, clock, ids, log }: ServiceParts, { identity, revocations }: Doorkeeping) {
  const visits = new Visits(identity.visitors, revocations);
  const news = new LoggedSessionNews(platform.eventLog, ids, clock);
  const shared = { ...identity, visits, revocations, clock, ids, news };
  const onProviderFailure = (error: unknown): void => log.warn('The identity provider was not told that a sign-in is over.', { error });
  const signOut = new SignOut({ ...shared, onProviderFailure });
  return { signIn: new SignIn(shared), signOut, sessions: new SessionCallers(shared), visits, news };
}

type Leaving = Omit<ConstructorParameters<typeof ErasePerson>[0], 'erasures' | 'clock'>;

/** What lets people leave for good, also those whose account was removed elsewhere. */
async function leavingOf({ platform, clock, ids, log }: ServiceParts, leaving: Leaving) {
  const erasures = new KeyValueErasures(await platform.keyValue.bucket('erasures'), ids);
  const erasePerson = new ErasePerson({ ...leaving, erasures, clock });
  const onFailure = (error: unknown): void => log.warn('A person who leaves could not be seen off yet; it is tried again.', { error });
  const shared = { ...leaving, erasures, erasePerson, clock, onFailure };
  const removals = new FollowRemovals({ ...shared, alarms: new SystemAlarms(clock) });
  const erased = new ErasedEvents(platform.eventLog, erasures);
  removals.start();
  await erased.start();
  const background = async (): Promise<void> => {
    await removals.stop();
    await erased.stop();
  };
  return { leave: new Leave(shared), background };
}
