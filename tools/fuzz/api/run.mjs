import { join } from 'node:path';
import { MillraceClient } from '@millrace/client';
import { WorkspacesService } from '@millrace/contracts';
import { passwordToken, setGenerousLimits, startStandaloneProcess, temporaryFolder } from '@millrace/testing';
import { judge } from './judge.mjs';
import { fuzz, schemathesis } from './schemathesis.mjs';

/** @import { Document } from './judge.mjs' */

const PASSWORD = 'a-password-for-tests';
/** Of the time, for who is nobody: all of it is refused, and soon told. */
const NOBODYS_SHARE = 0.2;
/** Who is signed in must get somewhere: below this share of the operations, the run has shown nothing. */
const REACHED = 0.4;
/** What would end the session that the run is signed in with, and what is answered without end. */
const WITHOUT = ['deleteMe', 'signOut', 'signOutEverywhere', 'streamEvents', 'streamOwnEvents'];

const AUTOMATION = `
when: { events: fuzz.began }
do:
  - emit: { event: fuzz.ended, payload: { again: '{{event.payload}}' } }
output: done
`;

/**
 * @param {{ seconds: number, seed: number }} plan
 * @returns {Promise<number>} the exit code
 */
export async function run({ seconds, seed }) {
  const python = await schemathesis((text) => console.error(`schemathesis: ${text}`));
  const folder = temporaryFolder();
  const data = join(folder.path, 'data');
  setGenerousLimits(data);
  // All that is made is ada's.
  const environment = { MILLRACE_WORKSPACES_OWNED: '100000', MILLRACE_WORKSPACES_MOST: '100000' };
  const millrace = await startStandaloneProcess({ folder: data, password: PASSWORD, environment });
  console.log(`fuzz:api   seed ${seed}   ${seconds} s   ${millrace.url}`);
  try {
    const { url } = millrace;
    const document = /** @type {Document} */ (await (await fetch(`${url}/openapi.json`)).json());
    const token = await signedIn(url);
    const wish = { url, seed, known: await known(url, token), without: WITHOUT };
    const nobodys = Math.ceil(seconds * NOBODYS_SHARE);
    const signed = { ...wish, seconds: seconds - nobodys, folder: join(folder.path, 'signed-in'), authorization: `Bearer ${token}` };
    const nobody = { ...wish, seconds: nobodys, folder: join(folder.path, 'nobody') };
    const operations = Object.values(document.paths).flatMap((verbs) => Object.keys(verbs)).length;
    const problems = [
      ...(await tried('signed in', python, signed, { document, reach: Math.floor(operations * REACHED) })),
      ...(await tried('as nobody', python, nobody, { document, reach: 0 })),
    ];
    for (const problem of problems) console.log(`\n${problem}`);
    if (problems.length > 0) console.log(`\nAgain: npm run fuzz:api -- --seed ${seed}`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await millrace.stop();
    folder[Symbol.dispose]();
  }
}

/**
 * @param {string} who
 * @param {string} python
 * @param {import('./schemathesis.mjs').Wish} wish
 * @param {{ document: Document, reach: number }} bar
 * @returns {Promise<string[]>} what is wrong
 */
async function tried(who, python, wish, { document, reach }) {
  const { found, output, exchanges } = await fuzz(python, wish);
  const { requests, reached, faults, open, loud } = judge(exchanges, document);
  console.log(`  ${who.padEnd(10)} ${requests} requests, ${reached.length} operations answered as asked, ${faults.length} faults`);
  return [
    ...(found ? [`${who}: schemathesis says\n${output}`] : []),
    ...named(`${who}: faults`, faults),
    ...named(`${who}: answered to nobody`, open),
    ...named(`${who}: tells of our inside`, loud),
    ...(reached.length < reach ? [`${who}: only ${reached.length} operations answered as asked, at least ${reach} should`] : []),
  ];
}

/**
 * @param {string} what
 * @param {string[]} found
 */
function named(what, found) {
  return found.length === 0 ? [] : [`${what}:\n  ${found.join('\n  ')}`];
}

/** @param {string} url */
function signedIn(url) {
  return passwordToken(`${url}/realms/millrace`, 'ada', PASSWORD);
}

/**
 * Makes something to find: workspaces with an automation at work. Several, for one may be deleted on the way.
 * @param {string} url
 * @param {string} token
 */
async function known(url, token) {
  const client = new MillraceClient({ url, token: () => token });
  const { createWorkspace, putAutomation, publishVersion } = WorkspacesService.method;
  const workspaceIds = [];
  for (const name of ['Fuzz one', 'Fuzz two', 'Fuzz three']) {
    const { id } = await client.call(createWorkspace, { name });
    const workspaceId = /** @type {string} */ (id);
    await client.call(putAutomation, { workspaceId, slug: 'again', source: AUTOMATION });
    await client.call(publishVersion, { workspaceId, message: 'first' });
    workspaceIds.push(workspaceId);
  }
  return { workspaceId: workspaceIds, slug: ['again'], kind: ['global', 'config'], version: ['1'], path: ['automations/again.yaml'] };
}
