import { DomainError } from '@millrace/kernel';
import { readSettings, shownSettings, type Environment } from '@millrace/service';
import { z } from 'zod';
import { assertLoopback, isLoopback } from './infrastructure/issuer';

const MIB = 1_048_576;

const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''));
const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

/** What the environment may say to the gateway, by name of setting; `docs/reference/config.md` is made of it. */
export const gatewaySettings = z.object({
  /** Where the public door listens. */
  host: z.string().default('127.0.0.1'),
  /** The port there; 0: a free one. */
  port: z.coerce.number().int().min(0).max(65_535).default(4000),
  /** How the world reaches the public door; `http://127.0.0.1:<port>` when absent. */
  publicUrl: address.optional(),
  /** Origins whose pages may call the API, separated by spaces or commas. */
  origins: list,
  /** Origin at which only what authors and users wrote is served – endpoints, their results, files – so that none of it shares an origin with the console. It leads to the public door. */
  endpointOrigin: address.optional(),
  /** Bytes of a call's body that the automation of an endpoint is given in hand; a larger one comes as a file. */
  endpointMaxBody: z.coerce.number().int().min(1).max(MIB).default(MIB),
  /** Bytes that a call of an endpoint may bring in all, its files and a body that comes as one among them. */
  uploadMax: z.coerce
    .number()
    .int()
    .min(1)
    .max(100 * MIB)
    .default(10 * MIB),
  /** What operators say of limits, deadlines, lists and maintenance (docs/guide/gateway.md); `<data>/gateway.yaml` when absent. */
  gatewayFile: z.string().optional(),
  /** Folder in which the embedded platform keeps everything. */
  data: z.string().default('.millrace'),
  /** Where to write about a weakness, a URI; `mailto:security@` and the host of `publicUrl` when absent. */
  securityContact: z.url().optional(),
  /** `embedded`: this process signs people in itself, from the realm file. `external`: `issuerUrl` does. */
  identity: z.enum(['embedded', 'external']).default('embedded'),
  /** The OpenID provider, as its tokens name it, when `identity` is `external`. */
  issuerUrl: address.optional(),
  /** Where the provider's keys are; `/protocol/openid-connect/certs` below `issuerUrl` when absent. At another origin than `issuerUrl`, all that the gateway itself asks goes there. */
  issuerKeysUrl: address.optional(),
  /** The secret of the client `millrace-console` at an external provider; without it nobody signs in by the browser. */
  consoleSecret: z.string().optional(),
  /** The secret of the client `millrace-gateway` there, which ends sign-ins and removes accounts of people who leave. */
  gatewaySecret: z.string().optional(),
  /** Clients whose tokens are accepted (`azp`). */
  clients: list.transform((names) => (names.length === 0 ? OWN_CLIENTS : names)),
  /** Claims of tokens that rules and roles of workspaces may speak of as `${claims.<name>}`, separated by spaces or commas; groups always are. */
  claims: list,
  /** The realm the embedded provider is shaped by. */
  realmFile: z.string().default('keycloak/millrace-realm.json'),
  /** Sign-in by curl and demo users with one password; on when only this machine reaches the embedded provider. */
  development: z.stringbool().optional(),
  /** First password of the realm's users; made up and shown once when absent. */
  firstPassword: z.string().min(12).optional(),
  /** Lets the embedded provider be reached from other machines. It is meant for one person or a small team. */
  identityBeyondLoopback: z.stringbool().default(false),
});

const OWN_CLIENTS = ['millrace-console', 'millrace-app', 'millrace-cli', 'millrace-service'];

type Settings = z.infer<typeof gatewaySettings>;

export interface GatewayConfig extends Omit<Settings, 'publicUrl' | 'issuerUrl' | 'issuerKeysUrl' | 'development' | 'securityContact'> {
  readonly publicUrl: string;
  readonly issuerUrl: string;
  readonly issuerKeysUrl: string;
  readonly development: boolean;
  readonly securityContact: string;
}

/** The settings of the gateway. Refuses what does not go together (`settings.invalid`, `issuer.beyond_loopback`). */
export function gatewayConfig(environment: Environment): GatewayConfig {
  const settings = readSettings(gatewaySettings, environment);
  const publicUrl = settings.publicUrl ?? `http://127.0.0.1:${settings.port}`;
  const issuerUrl = issuerOf(settings, publicUrl);
  const { issuerKeysUrl = `${issuerUrl}/protocol/openid-connect/certs`, development = isLoopback(settings.host) } = settings;
  const { securityContact = `mailto:security@${new URL(publicUrl).hostname}` } = settings;
  return { ...settings, publicUrl, issuerUrl, issuerKeysUrl, development, securityContact };
}

function issuerOf({ identity, issuerUrl, host, identityBeyondLoopback }: Settings, publicUrl: string): string {
  if (identity === 'embedded') {
    assertLoopback(host, identityBeyondLoopback);
    return `${publicUrl}/realms/millrace`;
  }
  if (issuerUrl !== undefined) return issuerUrl;
  throw new DomainError(
    'settings.invalid',
    'invalid',
    'MILLRACE_IDENTITY is "external", but nothing says who signs people in. Set MILLRACE_ISSUER_URL to the realm, for example https://login.example.org/realms/millrace.',
  );
}

/** The same settings, as operators may see them. */
export function shownGatewayConfig(environment: Environment): ReturnType<typeof shownSettings> {
  return shownSettings(gatewaySettings, environment);
}
