import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../../../testing/refusal-of';
import { checkAccept, checkBodyType } from './media';

describe('the media type of a body', () => {
  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"'])('may be %s for JSON', (type) => {
    expect(() => checkBodyType('json', type)).not.toThrow();
  });

  it.each(['application/json', 'application/yaml', 'text/yaml; charset=utf-8'])('may be %s for a raw body', (type) => {
    expect(() => checkBodyType('raw', type)).not.toThrow();
  });

  it.each([
    undefined,
    'text/plain',
    'application/json; charset=latin1',
    'application/jsonx',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ])('may not be %s for JSON', (type) => {
    expect(refusalOf(() => checkBodyType('json', type))).toMatchObject({ code: 'api.media_type' });
  });

  it('is of no use where no body is read', () => {
    expect(refusalOf(() => checkBodyType('none', 'application/json'))).toMatchObject({ code: 'api.body_unexpected' });
  });
});

describe('what a caller accepts', () => {
  it.each([undefined, '*/*', 'application/json', 'text/html, application/*;q=0.5', 'application/json;q=0.1', 'text/html,*/*;q=0.8'])(
    'takes JSON with %s',
    (accept) => {
      expect(() => checkAccept(accept)).not.toThrow();
    },
  );

  it.each(['text/html', 'application/json;q=0', 'application/json;q=0.000, text/*', 'application/jsonx', ''])(
    'does not with %j',
    (accept) => {
      expect(refusalOf(() => checkAccept(accept))).toMatchObject({ code: 'api.not_acceptable' });
    },
  );
});
