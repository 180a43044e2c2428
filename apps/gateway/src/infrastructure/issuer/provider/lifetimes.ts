import type { Clock } from '@millrace/kernel';
import type { Configuration } from 'oidc-provider';
import type { Realm } from '../realm/realm';

/** How long what the provider keeps lives, in seconds, as the realm says. */
export function lifetimes(realm: Realm, clock: Clock): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: realm.accessTokenLifespan,
    ClientCredentials: realm.accessTokenLifespan,
    IdToken: realm.accessTokenLifespan,
    AuthorizationCode: realm.accessCodeLifespan,
    DeviceCode: realm.oauth2DeviceCodeLifespan,
    Interaction: realm.accessCodeLifespanLogin,
    Session: realm.ssoSessionIdleTimeout,
    Grant: realm.ssoSessionMaxLifespan,
    // A rotated token lives on from its first use, but never longer than a sign-in may.
    RefreshToken: (_ctx, token) => {
      const now = Math.floor(clock.now() / 1000);
      const age = now - (token.iiat ?? now);
      return Math.max(1, Math.min(realm.ssoSessionIdleTimeout, realm.ssoSessionMaxLifespan - age));
    },
  };
}
