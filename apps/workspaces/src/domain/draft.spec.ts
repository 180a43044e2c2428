import { describe, expect, it } from '@jest/globals';
import {
  automationPath,
  automationSlug,
  emptyDraft,
  expectationOf,
  fileAt,
  removeFile,
  writeFile,
  writeFiles,
  type Draft,
  type Expectation,
} from './draft';

const path = automationPath('greet');
const none: Expectation = { kind: 'none' };
const any: Expectation = { kind: 'any' };
const absent: Expectation = { kind: 'absent' };
const revision = (number: number): Expectation => ({ kind: 'revision', revision: number });

const write = (draft: Draft, digest: string, expectation: Expectation): Draft =>
  writeFile(draft, { path, digest, size: 3, by: 'ada', at: 1_000 }, expectation).draft;

const draft = write(emptyDraft('ws_1'), 'a', none);

describe('writing a file of a draft', () => {
  it('creates it at revision 1, and counts on with each change', () => {
    expect(draft.files[path]).toEqual({ digest: 'a', size: 3, revision: 1, updatedBy: 'ada', updatedAt: 1_000 });
    expect(write(draft, 'b', revision(1)).files[path]?.revision).toBe(2);
  });

  it('changes nothing when the text is the same', () => {
    expect(write(draft, 'a', any)).toBe(draft);
  });

  it('leaves the other files and the draft before as they were', () => {
    const other = writeFile(draft, { path: automationPath('b'), digest: 'x', size: 1, by: 'bob', at: 2 }, absent).draft;
    expect(Object.keys(other.files)).toEqual([path, automationPath('b')]);
    expect(Object.keys(draft.files)).toEqual([path]);
  });

  it.each<[string, Draft, Expectation, string]>([
    ['an existing file without a demand', draft, none, 'workspaces.precondition_required'],
    ['another revision', draft, revision(7), 'workspaces.precondition_failed'],
    ['a file where there shall be none', draft, absent, 'workspaces.precondition_failed'],
    ['no file where there shall be one', emptyDraft('ws_1'), any, 'workspaces.precondition_failed'],
    ['no file at a revision', emptyDraft('ws_1'), revision(1), 'workspaces.precondition_failed'],
  ])('refuses %s', (_, before, expectation, code) => {
    expect(() => write(before, 'b', expectation)).toThrow(expect.objectContaining({ code }));
  });

  it('tells who changed it when, to who comes late', () => {
    expect(() => write(draft, 'b', revision(7))).toThrow('changed by ada at 1970-01-01T00:00:01.000Z');
  });

  it('refuses more files than a workspace may hold', () => {
    const files = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`automations/${index}.yaml`, { ...draftFile }]));
    expect(() => write({ workspaceId: 'ws_1', files }, 'b', none)).toThrow(expect.objectContaining({ code: 'workspaces.too_many_files' }));
    const many = new Map(Object.keys(files).map((name) => [name, { digest: 'b', size: 1 }]));
    expect(() => writeFiles(draft, many, { by: 'ada', at: 1 })).toThrow(expect.objectContaining({ code: 'workspaces.too_many_files' }));
  });

  it('finds a file by its own name alone, whatever else an object has', () => {
    expect([fileAt(draft, path), fileAt(draft, 'constructor')]).toEqual([draft.files[path], undefined]);
  });
});

const draftFile = { digest: 'a', size: 1, revision: 1, updatedBy: 'ada', updatedAt: 0 };

describe('removing a file', () => {
  it('takes it out, if it is as demanded', () => {
    expect(removeFile(draft, path, revision(1))?.files).toEqual({});
    expect(() => removeFile(draft, path, revision(2))).toThrow(expect.objectContaining({ code: 'workspaces.precondition_failed' }));
  });

  it('is nothing when there is none', () => {
    expect(removeFile(draft, 'automations/none.yaml', any)).toBeUndefined();
  });
});

describe('the path of an automation', () => {
  it('is made from its slug, and back', () => {
    expect(automationSlug(automationPath('crm/sync'))).toBe('crm/sync');
    expect(automationSlug('workspace.yaml')).toBeUndefined();
  });
});

describe('If-Match and If-None-Match', () => {
  it.each<[string, string, Expectation]>([
    ['', '', none],
    ['*', '', any],
    ['', '*', absent],
    ['"7"', '', revision(7)],
    ['W/"7"', '', revision(7)],
    ['7', '', revision(7)],
  ])('%p and %p demand %p', (ifMatch, ifNoneMatch, expectation) => {
    expect(expectationOf({ ifMatch, ifNoneMatch })).toEqual(expectation);
  });

  it('refuses what is no ETag', () => {
    expect(() => expectationOf({ ifMatch: '"seven"' })).toThrow(expect.objectContaining({ code: 'workspaces.etag_invalid' }));
  });
});
