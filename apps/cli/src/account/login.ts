import { hostname } from 'node:os';
import { misused } from '../refused';
import { asRefusal } from '../server/refusals';
import { serverAt } from '../server/server';
import type { Server } from '../server/server';
import { Targets } from '../targets/targets';
import type { Credential, Target } from '../targets/targets';
import { harmless, paint } from '../terminal/paint';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { deviceGrant } from './device-grant';
import { realmOf } from './realm';

/** `millrace login`. */
export const performLogin: Perform = async (invocation, terminal) => {
  const targets = new Targets(terminal.settings.configFolder);
  const target = wishedTarget(invocation, terminal, targets);
  try {
    const { credential, who } = invocation.on('token-stdin') ? await handedOver(target, terminal) : await signedIn(target, terminal);
    const before = targets.credentialOf(target.name);
    targets.keep(target);
    targets.admit(target.name, credential);
    if (before?.id !== undefined) await revoke(target, { ...before, id: before.id }, credential.token);
    if (!invocation.on('quiet')) {
      terminal.notes.write(`Signed in as ${harmless(who)} at ${target.url}, kept as \`${target.name}\`.\n`);
    }
    return 0;
  } catch (error) {
    throw asRefusal(error, target.url);
  }
};

function wishedTarget(invocation: Invocation, { settings }: Terminal, targets: Targets): Target {
  const [given = settings.url] = invocation.operands;
  const again = given === undefined ? known(invocation, settings.target, targets) : undefined;
  if (again !== undefined) return { ...again, ...workspaceOf(invocation) };
  if (given === undefined) throw misused('At which server?', 'millrace login http://127.0.0.1:4000');
  const url = addressOf(given);
  const name = invocation.value('name') ?? invocation.value('target') ?? new URL(url).host.replaceAll(/[^A-Za-z0-9.-]/g, '-');
  return { name, url, ...workspaceOf(invocation) };
}

function known(invocation: Invocation, wished: string | undefined, targets: Targets): Target | undefined {
  const name = invocation.value('target') ?? wished;
  return name === undefined ? targets.current() : targets.get(name);
}

function workspaceOf(invocation: Invocation): Pick<Target, 'workspace'> {
  const workspace = invocation.value('workspace');
  return workspace === undefined ? {} : { workspace };
}

function addressOf(given: string): string {
  const address = given.includes('://') ? given : `https://${given}`;
  if (/^https?:/.test(address) && URL.canParse(address)) return new URL(address).origin;
  throw misused(`\`${given}\` is no address.`, 'write it as https://mill.example.');
}

/** What lets the person in, and who they are. */
interface SignedIn {
  readonly credential: Credential;
  readonly who: string;
}

async function handedOver(target: Target, { input }: Terminal): Promise<SignedIn> {
  const token = (await input.text()).trim();
  if (token === '') throw misused('There is no token on standard input.', 'millrace login URL --token-stdin < FILE');
  return { credential: { token }, who: await nameOf(serverAt({ ...target, token })) };
}

/** A token of the person for this machine: their sign-in would end in minutes, and two commands at once would end it for each other. */
async function signedIn(target: Target, { notes, time }: Terminal): Promise<SignedIn> {
  const access = await deviceGrant(
    await realmOf(target.url),
    ({ link, code, whole }) => {
      notes.write(`Open   ${harmless(whole ?? link)}\nCode   ${paint(notes, 'bold', harmless(code))}\nand sign in there; this waits.\n`);
    },
    time,
  );
  const server = serverAt({ ...target, token: access });
  const who = await nameOf(server);
  const { token, secret = '' } = await server.api.tokens.createToken({ name: `millrace on ${hostname()}`.slice(0, 100), scopes: ['*:*'] });
  return { credential: { token: secret, ...(token?.id === undefined ? {} : { id: token.id }) }, who };
}

async function nameOf({ api }: Server): Promise<string> {
  const { name, id = 'nobody' } = await api.gateway.getMe();
  return name ?? id;
}

/** Revokes a token that is of no use any more. It may be gone already, or its server: what it leaves is a token that ends by itself. */
async function revoke(target: Target, { id }: Required<Credential>, token: string): Promise<void> {
  await serverAt({ ...target, token })
    .api.tokens.revokeToken({ tokenId: id })
    .catch(() => undefined);
}
