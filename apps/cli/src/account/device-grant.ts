import type { DataMap } from '../data/value';
import { Refused } from '../refused';
import type { Time } from '../terminal/terminal';
import { answerOf } from './realm';
import type { Realm } from './realm';

const CLIENT = 'millrace-cli';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** Seconds between two questions, unless the realm says otherwise. */
const USUAL_INTERVAL = 5;

/** What a person is asked to do. */
export interface DeviceCode {
  /** Where the code is typed. */
  readonly link: string;
  readonly code: string;
  /** The same with the code in it. */
  readonly whole?: string;
}

/**
 * The device authorization grant (RFC 8628): has the person sign in in a browser, wherever that is, and answers an access token. Refuses
 * when they refuse or let the code expire.
 */
export async function deviceGrant({ deviceEndpoint, tokenEndpoint }: Realm, ask: (code: DeviceCode) => void, time: Time): Promise<string> {
  const begun = await answerOf(deviceEndpoint, { client_id: CLIENT, scope: 'openid' });
  const [device, code, link] = [textIn(begun, 'device_code'), textIn(begun, 'user_code'), textIn(begun, 'verification_uri')];
  if (device === undefined || code === undefined || link === undefined) throw failed(begun);
  const whole = textIn(begun, 'verification_uri_complete');
  ask({ link, code, ...(whole === undefined ? {} : { whole }) });
  const end = time.now() + Number(begun['expires_in'] ?? 600) * 1000;
  let interval = Number(begun['interval'] ?? USUAL_INTERVAL);
  while (time.now() < end) {
    await time.pause(interval * 1000);
    const answer = await answerOf(tokenEndpoint, { grant_type: GRANT, client_id: CLIENT, device_code: device });
    const access = textIn(answer, 'access_token');
    if (access !== undefined) return access;
    if (answer['error'] === 'slow_down') interval += USUAL_INTERVAL;
    else if (answer['error'] !== 'authorization_pending') throw failed(answer);
  }
  throw failed({ error: 'expired_token' });
}

function failed(answer: DataMap): Refused {
  const again = 'millrace login, once more.';
  if (answer['error'] === 'access_denied') {
    return new Refused('cli.sign_in_refused', 'forbidden', 'The sign-in was refused in the browser.', again);
  }
  if (answer['error'] === 'expired_token') return new Refused('cli.sign_in_expired', 'exhausted', 'Nobody signed in in time.', again);
  const said = textIn(answer, 'error_description') ?? textIn(answer, 'error') ?? 'nothing that is understood';
  return new Refused('cli.sign_in_failed', 'unavailable', `The identity provider says: ${said}.`, again);
}

function textIn(answer: DataMap, key: string): string | undefined {
  const value = answer[key];
  return typeof value === 'string' ? value : undefined;
}
