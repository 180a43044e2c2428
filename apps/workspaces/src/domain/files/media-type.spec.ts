import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { typeOf } from './media-type';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const PNG = bytes('\x89PNG\r\n\x1a\n....');
const outcome = (head: Uint8Array, declared: string): string => {
  try {
    return typeOf(head, declared);
  } catch (error) {
    return error instanceof DomainError ? `${error.code}: ${String(error.facts['found'])}` : String(error);
  }
};
const lie = (found: string): string => `workspaces.file_type_disagrees: ${found}`;

describe('the type of a file', () => {
  it('is found by its content when nothing is said', () => {
    expect([PNG, bytes('%PDF-1.7'), bytes('hello'), bytes('\x00\x01'), bytes('')].map((head) => typeOf(head, ''))).toEqual([
      'image/png',
      'application/pdf',
      'text/plain',
      'application/octet-stream',
      'text/plain',
    ]);
    expect([typeOf(PNG, 'application/octet-stream'), typeOf(PNG, 'nonsense'), typeOf(PNG, 'a/b\r\nx: y')]).toEqual([
      'image/png',
      'image/png',
      'image/png',
    ]);
  });

  it('is the declared one when the content agrees', () => {
    for (const [head, declared] of [
      [PNG, 'image/png'],
      [bytes('RIFF1234WEBPVP8 '), 'image/webp'],
      [bytes('RIFF1234WAVEfmt '), 'audio/x-wav'],
      [bytes('PK\x03\x04'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
      [bytes('....ftypisom'), 'video/mp4'],
      [bytes('{"a":1}'), 'application/json'],
      [bytes('<svg xmlns="x"/>'), 'image/svg+xml'],
      [Buffer.from('Zoë').subarray(0, 3), 'text/plain'],
      [bytes('\x00\x01'), 'application/x-own-format'],
      [bytes('BMW is a car'), 'text/plain'],
      [bytes(''), 'image/png'],
    ] as const) {
      expect(outcome(head, declared)).toBe(declared);
    }
    expect(typeOf(bytes('a;b'), 'Text/CSV; charset=utf-8')).toBe('text/csv');
  });

  it('is refused as a lie when it does not', () => {
    expect(outcome(bytes('hello'), 'image/png')).toBe(lie('text/plain'));
    expect(outcome(PNG, 'text/plain')).toBe(lie('image/png'));
    expect(outcome(PNG, 'image/jpeg')).toBe(lie('image/png'));
    expect(outcome(bytes('\x7fELF\x02'), 'image/jpeg')).toBe(lie('application/x-executable'));
    expect(outcome(bytes('%PDF-1.7'), 'application/x-own-format')).toBe(lie('application/pdf'));
    expect(outcome(bytes('\x00\x01'), 'text/html')).toBe(lie('application/octet-stream'));
    expect(outcome(bytes('\xff\xfe\xfd'), 'application/json')).toBe(lie('application/octet-stream'));
    expect(outcome(bytes('MZ\x90\x00'), 'application/pdf')).toBe(lie('application/vnd.microsoft.portable-executable'));
  });
});
