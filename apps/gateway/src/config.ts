import { DomainError } from '@millrace/kernel';
import { readSettings, type Environment } from '@millrace/service';
import { z } from 'zod';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''));
const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const schema = z.object({
  /** Where the public door listens. */
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(4000),
  /** How the world reaches the public door; `http://localhost:<port>` when absent. */
  publicUrl: address.optional(),
  /** Origins whose pages may call the API, separated by spaces or commas. */
  origins: list,
  /** `embedded`: this process signs people in itself, from the realm file. `external`: `issuerUrl` does. */
  identity: z.enum(['embedded', 'external']).default('embedded'),
  /** The OpenID provider, as its tokens name it, when `identity` is `external`. */
  issuerUrl: address.optional(),
  /** Where the provider's keys are; `<issuerUrl>/protocol/openid-connect/certs` when absent. */
  issuerKeysUrl: address.optional(),
  /** Clients whose tokens are accepted (`azp`). */
  clients: list.transform((names) => (names.length === 0 ? OWN_CLIENTS : names)),
  /** The realm the embedded provider is shaped by. */
  realmFile: z.string().default('keycloak/millrace-realm.json'),
  /** Lets the embedded provider be reached from other machines. It is meant for one person or a small team. */
  identityBeyondLoopback: z.stringbool().default(false),
});

const OWN_CLIENTS = ['millrace-console', 'millrace-app', 'millrace-cli', 'millrace-service'];

type Settings = z.infer<typeof schema>;

export interface GatewayConfig extends Omit<Settings, 'publicUrl' | 'issuerUrl' | 'issuerKeysUrl'> {
  readonly publicUrl: string;
  readonly issuerUrl: string;
  readonly issuerKeysUrl: string;
}

/** The settings of the gateway. Refuses what does not go together with `settings.invalid`. */
export function gatewayConfig(environment: Environment): GatewayConfig {
  const settings = readSettings(schema, environment);
  const publicUrl = settings.publicUrl ?? `http://localhost:${settings.port}`;
  const issuerUrl = issuerOf(settings, publicUrl);
  return { ...settings, publicUrl, issuerUrl, issuerKeysUrl: settings.issuerKeysUrl ?? `${issuerUrl}/protocol/openid-connect/certs` };
}

function issuerOf({ identity, issuerUrl, host, identityBeyondLoopback }: Settings, publicUrl: string): string {
  if (identity === 'external')
    return issuerUrl ?? refuse('MILLRACE_IDENTITY is "external", so MILLRACE_ISSUER_URL must name the provider.');
  if (!LOOPBACK.includes(host) && !identityBeyondLoopback) {
    refuse(
      `The embedded identity provider is for this machine alone, and MILLRACE_HOST is ${host}. Set MILLRACE_IDENTITY=external and MILLRACE_ISSUER_URL, or MILLRACE_IDENTITY_BEYOND_LOOPBACK=true if you know who can reach it.`,
    );
  }
  return `${publicUrl}/realms/millrace`;
}

function refuse(sentence: string): never {
  throw new DomainError('settings.invalid', 'invalid', sentence);
}
