import type { Json, JsonMap } from '@millrace/kernel';

/** As much of an OpenAPI document as the page shows. */
export interface DescribedApi {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, DescribedParameter>>;
    readonly responses: Readonly<Record<string, DescribedResponse>>;
  };
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly 'x-permission': string;
  readonly parameters: readonly (DescribedParameter | Reference)[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonMap; readonly example?: Json }>> };
  readonly responses: Readonly<Record<string, DescribedResponse | Reference>>;
}

export interface DescribedResponse {
  readonly description: string;
  readonly content?: Readonly<Record<string, object>>;
}

export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly example?: Json;
}

interface Reference {
  readonly $ref: string;
}

/** One operation, with nothing referred to. */
export interface ShownOperation extends Omit<DescribedOperation, 'parameters' | 'responses'> {
  readonly verb: string;
  readonly path: string;
  readonly parameters: readonly DescribedParameter[];
  readonly responses: readonly { readonly status: string; readonly description: string }[];
  /** Whether its answer goes on until somebody ends it. */
  readonly isEndless: boolean;
}

/** All operations, in the order of the document. */
export function operationsOf({ paths, components }: DescribedApi): readonly ShownOperation[] {
  return Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({
      ...operation,
      verb,
      path,
      parameters: operation.parameters.flatMap((each) => resolved(each, components.parameters) ?? []),
      responses: Object.entries(operation.responses).flatMap(([status, response]) => {
        const known = resolved(response, components.responses);
        return known === undefined ? [] : [{ status, description: known.description }];
      }),
      isEndless: Object.values(operation.responses).some((each) => 'content' in each && 'text/event-stream' in each.content),
    })),
  );
}

function resolved<T extends object>(each: T | Reference, components: Readonly<Record<string, T>>): T | undefined {
  return '$ref' in each ? components[each.$ref.split('/').at(-1) ?? ''] : each;
}
