import assert from 'node:assert/strict';
import { WorkspacesService } from '@millrace/contracts';
import { passwordToken, signedIn, startStandaloneProcess, temporaryFolder } from '@millrace/testing';
import { CHANGED } from './changed.mjs';
import { Witness } from './witness.mjs';

const PASSWORD = 'a-password-for-tests';
const PROTOTYPES = new URL('prototypes.mjs', import.meta.url).href;
/** Milliseconds after which a token is fetched anew: it lives for some minutes. */
const SIGNED_IN = 60_000;
/** What it logs when it met something that it did not expect. */
const FAULT = /^.*"level":(?:"error"|"fatal"|50|60).*$/m;

/** @typedef {{ method?: string, headers?: Record<string, string>, body?: string | Uint8Array<ArrayBuffer> }} Asking */
/** @typedef {{ status: number, headers: Headers, text: string }} Answer */

/** A Millrace that anything is thrown at, a workspace in it, and somebody who follows that workspace all the time. */
export class Ground {
  static async make() {
    const folder = temporaryFolder();
    const environment = { NODE_OPTIONS: `--import=${PROTOTYPES}`, MILLRACE_LIVE_SOCKETS_PER_USER: '1000' };
    const millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, environment });
    const ada = await signedIn(millrace.url, 'ada', PASSWORD);
    const { id } = /** @type {{ id: string }} */ (await ada.call(WorkspacesService.method.createWorkspace, { name: 'Fuzz' }));
    const ground = new Ground(folder, millrace, id);
    ground.witness = await Witness.at(`${millrace.url}${ground.namespace}`, `Bearer ${await ground.token()}`);
    return ground;
  }

  /** @type {Witness | undefined} */
  witness = undefined;
  #token = { value: '', at: Number.NEGATIVE_INFINITY };

  /**
   * @param {ReturnType<typeof temporaryFolder>} folder
   * @param {import('@millrace/testing').StandaloneProcess} millrace
   * @param {string} workspace
   */
  constructor(folder, millrace, workspace) {
    this.folder = folder;
    this.millrace = millrace;
    this.workspace = workspace;
    this.namespace = `/v1/workspaces/${workspace}/events`;
  }

  async token() {
    if (performance.now() - this.#token.at > SIGNED_IN) {
      this.#token = { value: await passwordToken(`${this.millrace.url}/realms/millrace`, 'ada', PASSWORD), at: performance.now() };
    }
    return this.#token.value;
  }

  /**
   * Asks, and holds the answer to what every answer is: no fault, and a problem when it is a refusal.
   * @param {string} path below the workspace
   * @param {Asking} [asking]
   * @returns {Promise<Answer>}
   */
  async ask(path, { headers = {}, ...asking } = {}) {
    const authorization = `Bearer ${await this.token()}`;
    const response = await fetch(`${this.millrace.url}/v1/workspaces/${this.workspace}${path}`, {
      ...asking,
      headers: { 'content-type': 'application/json', ...headers, authorization },
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (isStream) await response.body?.cancel();
    const answer = { status: response.status, headers: response.headers, text: isStream ? '' : await response.text() };
    hold(answer);
    return answer;
  }

  /** The witness is still there, and is shown what happens now. */
  async isWell() {
    const { status, text } = await this.ask('/events', { method: 'POST', body: '{"events":[{"type":"all.well"}]}' });
    assert.equal(status, 201, text);
    for (const id of idsIn(text)) await this.shown(id);
    assert.equal(this.witness?.losses, 0, 'the witness was cut off');
  }

  /** @param {string} id */
  async shown(id) {
    return this.witness?.shown(id);
  }

  /** Ends it; throws when something was not as it should be by then. */
  async end() {
    this.witness?.leave();
    const code = await this.millrace.stop();
    this.folder[Symbol.dispose]();
    const output = this.millrace.output();
    assert.equal(code, 0, output);
    assert.ok(!output.includes(CHANGED), output);
    const [fault] = FAULT.exec(output) ?? [];
    assert.equal(fault, undefined, fault);
  }
}

/**
 * The events that were taken.
 * @param {string} text
 * @returns {readonly string[]}
 */
export function idsIn(text) {
  const { events } = /** @type {{ events: { id: string }[] }} */ (JSON.parse(text));
  return events.map(({ id }) => id);
}

/** @param {Answer} answer */
function hold({ status, headers, text }) {
  const isTemporary = status === 503 && headers.has('retry-after');
  assert.ok(status < 500 || isTemporary, `${status} ${text}`);
  if (status < 400) return;
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, text);
  const { code } = /** @type {{ code: string }} */ (JSON.parse(text));
  assert.match(code, /^[a-z-]+\.[a-z_.-]+$/, text);
}
