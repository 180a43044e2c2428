import { instantFrom } from '../time/instant';
import { pattern } from '../expressions/regex';
import { refusalIn } from '../problems/language-error';

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** The formats a text can be asked to have. An unknown format is no demand. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text) && instantFrom(text) !== undefined,
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && instantFrom(text) !== undefined,
  time: (text) => /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?$/.test(text),
  duration: (text) => /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/.test(text),
  email: (text) => /^[^\s@"(),:;<>[\\\]]+@[^\s@.]+(?:\.[^\s@.]+)*$/.test(text) && text.length <= 320,
  hostname: (text) => text.length <= 253 && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(text),
  ipv4: (text) => IPV4.test(text),
  ipv6: (text) => text.includes(':') && URL.canParse(`http://[${text}]/`),
  uri: (text) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text),
  'uri-reference': (text) => URL.canParse(text, 'http://base.invalid/'),
  uuid: (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  regex: isRegex,
  'json-pointer': (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text),
  workspaceId: (text) => /^[A-Za-z0-9_-]{1,64}$/.test(text),
  objectId: (text) => /^[0-9a-f]{24}$/i.test(text),
  identifier: (text) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text),
  name: (text) => text.trim() !== '' && text.length <= 200 && !/[\n\r\t]/.test(text),
};

function isRegex(text: string): boolean {
  try {
    pattern(text, '');
    return true;
  } catch (error) {
    refusalIn(error);
    return false;
  }
}
