import type { DocumentProblem } from '../../domain/problems';
import { ROLES_PATH } from '../checking/reads-roles';

/** Documents that are read under one name alone, and stand under another one that looks as good. */
const MISNAMED = /^(workspace|apps|roles|events\/[^/]+|tests\/.+\.rules)\.(?:yml|json)$/;
const ROLES = 'Roles in a file are kept and do not hold: set them with PUT /v1/workspaces/{workspace}/roles/{role}, or import them.';

/** Files among these that are kept and do nothing, so that nobody believes that they do. */
export function unheeded(paths: Iterable<string>): readonly DocumentProblem[] {
  return Array.from(paths).flatMap((file) => {
    const [, name] = MISNAMED.exec(file) ?? [];
    const misnamed = name === undefined ? undefined : `It is kept and does nothing: only ${name}.yaml is read. Give it that name.`;
    const message = misnamed ?? (file === ROLES_PATH ? ROLES : undefined);
    return message === undefined ? [] : [{ code: 'file-unheeded', severity: 'warning', file, line: 1, column: 1, path: '', message }];
  });
}
