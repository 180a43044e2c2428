import { Refused } from '../refused';
import { asRefusal } from '../server/refusals';
import { serverAt } from '../server/server';
import { Targets } from '../targets/targets';
import type { Credential, Target } from '../targets/targets';
import type { Perform } from '../usage/command';

/** `millrace logout`. */
export const performLogout: Perform = async (invocation, { settings, notes }) => {
  const [name] = invocation.operands;
  const targets = new Targets(settings.configFolder);
  const wished = name ?? settings.target;
  const target = wished === undefined ? targets.current() : targets.get(wished);
  const credential = target === undefined ? undefined : targets.credentialOf(target.name);
  if (target === undefined || credential === undefined) {
    throw new Refused('cli.not_signed_in', 'not-found', 'You are not signed in here.', '`millrace targets list` shows where you could be.');
  }
  await revoked(target, credential);
  targets.forget(target.name);
  if (!invocation.on('quiet')) notes.write(`Signed out of \`${target.name}\`.\n`);
  return 0;
};

/** Revokes what `login` made; what was handed over belongs to somebody else. One that counts no more is as good as revoked. */
async function revoked(target: Target, { id, token }: Credential): Promise<void> {
  if (id === undefined) return;
  try {
    await serverAt({ ...target, token }).api.tokens.revokeToken({ tokenId: id });
  } catch (error) {
    const refusal = asRefusal(error, target.url);
    if (refusal instanceof Refused && ['unauthenticated', 'not-found'].includes(refusal.refusal)) return;
    throw refusal;
  }
}
