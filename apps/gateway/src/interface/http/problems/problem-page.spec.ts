import { describe, expect, it } from '@jest/globals';
import { CODES } from './gen/codes';
import { problemHtml, problemPage } from './problem-page';

describe('the page of a code', () => {
  it('says what is said with it, and what to do', () => {
    expect(problemPage('api.idempotency_running')).toMatchObject({
      title: 'Idempotency running',
      description: expect.stringContaining('contradicts'),
      sentences: [expect.stringContaining('still at work')],
    });
  });

  it('says of any denial what it is, and of a code that is not ours what it can', () => {
    expect(problemPage('offers.update_denied').description).toMatch(/^Whoever asked may not do this/);
    expect(problemPage('hotel.no_room')).toEqual({
      code: 'hotel.no_room',
      title: 'No room',
      description: 'A refusal by what is named "hotel". Its "detail" says what happened, where, and what to do.',
      sentences: [],
    });
    expect(problemPage('constructor.name').sentences).toEqual([]);
  });

  it('is there for every code, with advice', () => {
    expect(Object.keys(CODES).length).toBeGreaterThan(200);
    for (const code of Object.keys(CODES))
      expect([code, problemPage(code).description]).toEqual([code, expect.not.stringContaining('named "')]);
  });

  it('shows people what a sentence holds as it is', () => {
    expect(problemHtml(problemPage('api.sign_in_needed'))).toContain('Bearer &#60;token&#62;');
    expect(problemHtml(problemPage('hotel.no_room'))).not.toContain('What it says');
  });
});
