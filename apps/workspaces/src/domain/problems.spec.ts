import { describe, expect, it } from '@jest/globals';
import { documentRefused, type DocumentProblem } from './problems';

const problem: DocumentProblem = {
  code: 'key-unknown',
  severity: 'error',
  file: 'automations/a.yaml',
  line: 2,
  column: 1,
  path: '/ouput',
  message: 'There is no key "ouput". Did you mean "output"?',
};

describe('a refused document', () => {
  it('names file, line, column and what to do', () => {
    expect(documentRefused([problem])).toMatchObject({
      code: 'workspaces.document_invalid',
      message: 'automations/a.yaml:2:1: There is no key "ouput". Did you mean "output"?',
      errors: [{ pointer: '/ouput', code: 'key-unknown' }],
    });
  });

  it('counts the errors it does not spell out, and leaves warnings aside', () => {
    const refused = documentRefused([{ ...problem, severity: 'warning' }, problem, problem, problem]);
    expect(refused.message).toMatch(/\(and 2 more\)$/);
    expect(refused.errors).toHaveLength(3);
  });

  it('says so even when no error is given', () => {
    expect(documentRefused([]).message).toBe('The document has errors.');
  });
});
