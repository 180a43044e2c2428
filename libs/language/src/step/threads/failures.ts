import { errorName, refusalOf } from '../../problems/codes';
import type { EffectError, Failure } from '../../problems/failure';
import { LanguageError, refusalIn } from '../../problems/language-error';
import type { Place } from '../../problems/language-error';
import type { EffectPlace } from '../effects';
import { cleaned, DataRefused } from '../../values/json';
import { textOf } from '../../values/value';
import type { JsonMap } from '@millrace/kernel';
import type { Completion } from '../state';
import type { Branch } from './branch';

/** Errors no `catch` sees: the run itself is at its end. */
const FINAL: ReadonlySet<string> = new Set(['runtime.run_limit', 'runtime.run_timeout']);

/** An error of a step, which has a place. */
export type StepFailure = Failure & Required<Pick<Failure, 'automation' | 'step' | 'line' | 'column'>>;

/** Whether a `catch` may take an error in. */
export function isCatchable(failure: Failure): boolean {
  return !FINAL.has(failure.code);
}

/** Whether a completion ends everything at once: no `finally` sees it either. */
export function isFinal(completion: Completion): boolean {
  return (completion.how === 'error' || completion.how === 'cancel') && completion.final === true;
}

/** An error raised at the present instruction of a branch, as data. */
export function faultOf(branch: Branch, error: LanguageError): StepFailure {
  const { node, scope } = branch;
  const place = error.place ?? node?.place ?? branch.body.outputPlace;
  const { file, line, column } = place;
  return {
    code: error.code,
    refusal: error.refusal,
    message: textOf(branch.machine.scrubbed(error.message)),
    automation: scope.slug,
    step: branch.place,
    file,
    line,
    column,
    ...('length' in place ? { length: place.length } : {}),
    ...excerptOf(place),
    ...(error.details === undefined ? {} : { details: branch.machine.scrubbed(error.details) }),
  };
}

function excerptOf(place: EffectPlace | Place): Pick<Failure, 'excerpt'> {
  return 'excerpt' in place ? { excerpt: place.excerpt } : {};
}

/** What was thrown while a branch worked, as an error of the run; a fault is thrown again. */
export function refusalInRun(error: unknown): LanguageError {
  return error instanceof DataRefused ? new LanguageError('language.type', error.message) : refusalIn(error);
}

/** What whoever performed an effect said went wrong, as a refusal of the language. Throws DataRefused for details nested too deeply. */
export function effectError({ code, message, refusal, details }: EffectError, node: string): LanguageError {
  const circumstances = { refusal, details: details === undefined ? undefined : cleaned(details) };
  return new LanguageError(code, message ?? `\`${node}\` failed: ${code}.`, undefined, circumstances);
}

/** A failure that comes from outside of any instruction. */
export function signalled(error: EffectError): Failure {
  return {
    code: error.code,
    refusal: error.refusal ?? refusalOf(error.code),
    message: error.message ?? `The run was ended: ${error.code}.`,
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

/** `$error` as a `catch` sees it. */
export function errorVariable(failure: Failure): JsonMap {
  const name = errorName(failure.code);
  return {
    code: failure.code,
    name,
    type: name,
    message: failure.message,
    details: failure.details ?? null,
    refusal: failure.refusal,
    step: failure.step ?? null,
  };
}
