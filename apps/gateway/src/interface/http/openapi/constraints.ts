import { getOption, type DescField } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { field as fieldRules, Ignore } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import type { JsonMap } from '@millrace/kernel';

/** The checks that a field declares, as far as JSON Schema has words for them. */
export function constraintsOf(field: DescField): JsonMap {
  const { type } = getOption(field, fieldRules);
  switch (type.case) {
    case 'string': {
      const { minLen, maxLen, pattern, in: values } = type.value;
      const named = values.filter((value) => value !== '');
      return {
        ...positive('minLength', minLen),
        ...positive('maxLength', maxLen),
        ...(pattern === '' ? {} : { pattern }),
        ...(named.length === 0 ? {} : { enum: named }),
      };
    }
    case 'uint32': {
      const { lessThan } = type.value;
      return lessThan.case === 'lte' ? { maximum: lessThan.value } : {};
    }
    case 'repeated':
      return { ...positive('minItems', type.value.minItems), ...positive('maxItems', type.value.maxItems) };
    default:
      return {};
  }
}

/** Whether a request without the field is refused. */
export function isDemanded(field: DescField): boolean {
  const { type, ignore } = getOption(field, fieldRules);
  if (ignore === Ignore.IF_ZERO_VALUE || field.presence === FeatureSet_FieldPresence.EXPLICIT) return false;
  if (type.case === 'string') return type.value.minLen > 0n;
  return type.case === 'repeated' && type.value.minItems > 0n;
}

function positive(name: string, value: bigint): JsonMap {
  return value > 0n ? { [name]: Number(value) } : {};
}
