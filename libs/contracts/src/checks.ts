import type { DescMessage, Message } from '@bufbuild/protobuf';
import type { Path } from '@bufbuild/protobuf/reflect';
import { createValidator, type Validator } from '@bufbuild/protovalidate';
import type { FieldProblem } from '@millrace/kernel';
import { unseenIn } from './names';

let validator: Validator | undefined;

/**
 * What the message breaks of the checks declared in its schema, and the names in it with characters that nobody sees; empty when it keeps
 * them all.
 */
export function problemsOf(schema: DescMessage, message: Message): readonly FieldProblem[] {
  validator ??= createValidator();
  const result = validator.validate(schema, message);
  if (result.kind === 'error') throw result.error;
  const unseen = unseenIn(schema, message);
  if (result.kind === 'valid') return unseen;
  const broken = result.violations.map((violation) => ({
    pointer: pointerOf(violation.field),
    code: violation.ruleId,
    detail: violation.message,
  }));
  return [...unseen, ...broken];
}

function pointerOf(path: Path): string {
  return path
    .map((part) => {
      switch (part.kind) {
        case 'field':
          return `/${part.jsonName}`;
        case 'list_sub':
          return `/${part.index}`;
        case 'map_sub':
          return `/${String(part.key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
        default:
          return '';
      }
    })
    .join('');
}
