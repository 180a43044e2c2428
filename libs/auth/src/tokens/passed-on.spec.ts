import { describe, expect, it } from '@jest/globals';
import { passedOn } from './passed-on';

describe('what a token says beside who it is', () => {
  const claims = { sub: 'ada', groups: ['/hotel/desk'], department: 'spa', level: 3, org: { unit: 'a' }, secret: 'x' };

  it('is passed on when it is groups, or named', () => {
    expect(passedOn(claims, ['department', 'level', 'org', 'none', 'constructor'])).toEqual({
      groups: ['/hotel/desk'],
      claims: { department: 'spa', level: 3, org: { unit: 'a' } },
    });
    expect(passedOn(claims, [])).toEqual({ groups: ['/hotel/desk'] });
  });

  it('is left out whole when it is too much to travel, or no list of groups', () => {
    const many = Array.from({ length: 200 }, (_, index) => `/groups/number-${index}`);
    expect(passedOn({ groups: many, department: 'x'.repeat(2_001) }, ['department'])).toEqual({});
    expect(passedOn({ groups: [1] }, [])).toEqual({});
    expect(passedOn({ groups: 'desk' }, [])).toEqual({});
  });

  it('says none when the issuer says none', () => {
    expect(passedOn({ groups: [] }, [])).toEqual({ groups: [] });
  });
});
