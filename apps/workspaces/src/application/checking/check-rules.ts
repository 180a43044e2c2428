import { deadRules, explain, type Explanation, type Standing } from '@millrace/auth';
import type { Clock } from '@millrace/kernel';
import type { DocumentProblem } from '../../domain/problems';
import type { SourceFile } from '../ports/checker';
import type { RuleTest, RuleTests } from '../ports/rule-tests';
import { EVERYONE, isRole, rulesOf, type Role, type RoleBook } from '../rights/role-book';

/** Where a problem of a role is said to be: roles stand in no file. */
export const ROLES_FILE = 'roles';

/** Tries the roles of a workspace against the tests it wrote for them, and looks for rules that do nothing. */
export class CheckRules {
  constructor(
    private readonly tests: RuleTests,
    private readonly clock: Clock,
  ) {}

  /**
   * A test that does not hold is an error, as is one that cannot be read; a rule that can never match is a warning. `isTold`: whether what the
   * rules say may be told.
   */
  run(workspaceId: string, book: RoleBook, files: readonly SourceFile[], isTold: boolean): readonly DocumentProblem[] {
    const tested = files.filter(({ path }) => isRuleTests(path)).flatMap((file) => this.file(workspaceId, book, file, isTold));
    if (!isTold) return tested;
    return [...tested, ...Object.entries(book.roles).flatMap(([name, role]) => deadOf(name, role))];
  }

  private file(workspaceId: string, book: RoleBook, file: SourceFile, isTold: boolean): readonly DocumentProblem[] {
    const { tests, problems } = this.tests.read(file);
    const failed = tests.flatMap((test) => {
      const message = this.failure(workspaceId, book, test, isTold);
      return message === undefined ? [] : [problemAt(file.path, test, message)];
    });
    return [...problems, ...failed];
  }

  private failure(
    workspaceId: string,
    book: RoleBook,
    { as, action, subject, object, expect }: RuleTest,
    isTold: boolean,
  ): string | undefined {
    const unknown = as.roles.find((role) => !isRole(book, role));
    if (unknown !== undefined) return `there is no role "${unknown}".`;
    const { roles, email, ...principal } = as;
    const standing: Standing = {
      principal: { ...principal, roles: [], ...(email === undefined ? {} : { email, verified: true }) },
      ...{ workspaceId, now: this.clock.now(), owner: roles.includes('owner'), rules: rulesOf(book, [...roles, EVERYONE]) },
    };
    const explained = explain(standing, action, subject, object);
    if (explained.decision === expect) return undefined;
    return `expected ${expect}, but it is ${explained.decision}. ${isTold ? detailsOf(explained) : 'Who may read roles is told why.'}`;
  }
}

/** Whether a file of a workspace holds tests of its rules. */
export function isRuleTests(path: string): boolean {
  return /^tests\/.+\.rules\.yaml$/.test(path);
}

function detailsOf({ why, rules }: Explanation): string {
  const spoke = rules.filter(({ outcome }) => outcome !== 'other');
  const each = spoke.map(({ rule, outcome, why: because }) => {
    const effect = 'deny' in rule ? 'denies' : 'allows';
    return `${rule.role ?? 'a rule'} ${effect}${rule.where === undefined ? '' : ` where ${rule.where}`}: ${outcome}${because === '' ? '' : ` (${because})`}`;
  });
  return [why, ...each].join(' · ');
}

function deadOf(name: string, { rules }: Role): readonly DocumentProblem[] {
  return deadRules(rules).map(({ rule, why }) => ({
    ...{ code: 'rule-never-matches', severity: 'warning', file: ROLES_FILE, line: 1, column: 1, path: `/${name}/rules/${rule}` },
    message: `Rule ${rule + 1} of the role "${name}" can never match. ${why}`,
  }));
}

function problemAt(file: string, { name, line }: RuleTest, message: string): DocumentProblem {
  return { code: 'rule-test-failed', severity: 'error', file, line, column: 1, path: '', message: `"${name}": ${message}` };
}
