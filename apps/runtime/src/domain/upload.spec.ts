import { describe, expect, it } from '@jest/globals';
import { referenceOf, uploadValue, type Upload, type UploadedFile } from './upload';

const file = (field: string, name: string): UploadedFile => ({ field, name, type: 'text/plain', size: 1, sha256: 'a', ref: `ref_${name}` });
const valueOf = (upload: Upload) =>
  uploadValue(
    upload,
    upload.files.map((one) => ({ ...referenceOf(one), file: `fil_${one.name}` })),
  );

describe('a body whose files are kept elsewhere', () => {
  it('is the file that it is', () => {
    expect(valueOf({ isWhole: true, fields: [], files: [file('', 'a')] })).toEqual({
      ...{ file: 'fil_a', name: 'a', size: 1, type: 'text/plain', sha256: 'a' },
    });
  });

  it('is a form: of texts the last, of files all, one or many', () => {
    const fields = [
      ['a', '1'],
      ['a', '2'],
      ['__proto__', 'x'],
    ] as const;
    const value = valueOf({ isWhole: false, fields, files: [file('f', 'x'), file('g', 'y'), file('f', 'z'), file('__proto__', 'p')] });
    expect(value).toMatchObject({ a: '2', f: [{ file: 'fil_x' }, { file: 'fil_z' }], g: [{ file: 'fil_y' }] });
    expect(Object.keys(value as object)).toEqual(['a', 'f', 'g']);
  });

  it('is refused when a name is a text and a file', () => {
    expect(() => valueOf({ isWhole: false, fields: [['f', '1']], files: [file('f', 'x')] })).toThrow(
      expect.objectContaining({ code: 'runtime.body_malformed' }),
    );
  });
});
