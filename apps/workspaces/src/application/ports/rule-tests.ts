import type { JsonMap } from '@millrace/kernel';
import type { DocumentProblem } from '../../domain/problems';
import type { SourceFile } from './checker';

/** Something that somebody may or may not do, as a workspace expects it of its roles. */
export interface RuleTest {
  readonly name: string;
  readonly line: number;
  readonly as: RuleTestCaller;
  readonly action: string;
  readonly subject: string;
  /** What it is done to; absent: in general. */
  readonly object?: JsonMap;
  /** `depends`: on the object, when none is given. */
  readonly expect: 'allowed' | 'refused' | 'depends';
}

/** Who asks, with which roles. */
export interface RuleTestCaller {
  readonly kind: 'user' | 'key' | 'automation' | 'anonymous';
  readonly id: string;
  readonly roles: readonly string[];
  /** Taken as verified. */
  readonly email?: string;
  readonly groups?: readonly string[];
  readonly session?: string;
  readonly claims?: JsonMap;
}

/** Reads the tests of rules that stand in `tests/*.rules.yaml`. */
export abstract class RuleTests {
  /** The tests of a file, or what is wrong with it, with its place. */
  abstract read(file: SourceFile): { readonly tests: readonly RuleTest[]; readonly problems: readonly DocumentProblem[] };
}
