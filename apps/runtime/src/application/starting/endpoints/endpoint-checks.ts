import { DomainError, type Clock, type Json, type JsonMap } from '@millrace/kernel';
import { compileSchema, fillIn, type EndpointMatch, type Verification } from '@millrace/language';
import { endpointLocals, type EndpointCall } from '../../../domain/request';
import { claimOf, isTimely, keyOf, secretMissing, signatureInvalid, signedFormTooLarge } from '../../../domain/verification';
import { secretNames, withSecrets } from '../../../domain/named-secrets';
import type { Configuration } from '../../contexts/configuration';
import type { Model } from '../../models';
import type { Secrets } from '../../ports/secrets';
import type { Signatures } from '../../ports/signatures';
import type { Uploads } from '../../ports/uploads';

export interface EndpointChecksParts {
  readonly configuration: Configuration;
  readonly signatures: Signatures;
  readonly secrets: Secrets;
  readonly uploads: Uploads;
  readonly clock: Clock;
}

type Validate = ReturnType<typeof compileSchema>;

const MOST_PROBLEMS = 20;
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Lets calls in that are what their endpoint wants: signed as `verify` says, with a body as `request` says. */
export class EndpointChecks {
  private readonly compiled = new WeakMap<object, Validate>();

  constructor(private readonly parts: EndpointChecksParts) {}

  /**
   * The locals a call starts its automation with. The signature comes first, over the bytes as they came: of a call that nobody known has
   * signed nothing is read. Throws `runtime.signature_invalid`, `runtime.verify_secret_missing`, `language.arguments_invalid`.
   */
  async localsOf(model: Model, match: EndpointMatch, call: EndpointCall): Promise<JsonMap> {
    const { verify, request } = match.endpoint;
    if (verify !== undefined) await this.verify(model, match, verify, call);
    const locals = endpointLocals(call, match.pathParams);
    if (request !== undefined) this.validate(request, locals['body'] ?? null);
    return locals;
  }

  private async verify(model: Model, { slug, endpoint }: EndpointMatch, verify: Verification, call: EndpointCall): Promise<void> {
    const secrets = await this.secretsOf(model, slug, verify);
    if (secrets.length === 0) throw secretMissing(endpoint.path);
    const signed = { ...call, body: await this.signedBody(call) };
    const payload = verify.payload === undefined ? {} : payloadOf(verify.payload, signed);
    const claim = claimOf(verify, { ...signed, ...payload });
    if (claim === undefined || !isTimely(claim, this.parts.clock.now(), verify)) throw signatureInvalid();
    const held = secrets.map((secret) => this.parts.signatures.hold(claim, keyOf(verify, secret)));
    if (!held.includes(true)) throw signatureInvalid();
  }

  /** The bytes that were signed: as they came, wherever they are now. */
  private async signedBody({ body, upload }: EndpointCall): Promise<Uint8Array> {
    const [file] = upload?.files ?? [];
    if (upload === undefined || file === undefined || body.length > 0) return body;
    if (!upload.isWhole) throw signedFormTooLarge();
    return this.parts.uploads.read(file);
  }

  /** The secrets a call may be signed with: a list, or one in each line. */
  private async secretsOf({ workspaceId, plan }: Model, slug: string, { secret }: Verification): Promise<readonly string[]> {
    const instance = plan.automations.get(slug)?.instance ?? '';
    const { value: config } = await this.parts.configuration.load(plan, { workspaceId, instance });
    const permitted = plan.secrets.get(instance) ?? [];
    const names = secretNames(secret, config).filter((name) => instance === '' || permitted.includes(name));
    const secrets = names.length === 0 ? {} : await this.parts.secrets.resolve(workspaceId, names);
    const value = filled(secret, { config: withSecrets(config, secrets), secret: secrets });
    const written: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value ?? null];
    return written.flatMap((one) => (typeof one === 'string' ? one.split('\n') : [])).flatMap((line) => line.trim() || []);
  }

  private validate(schema: Json, body: Json): void {
    const problems = this.validator(schema)(body, '');
    const [first] = problems;
    if (first === undefined) return;
    const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
    const sentence = `The body is not what this endpoint takes: ${first.pointer || '/'} ${first.detail}${more}.`;
    throw new DomainError('language.arguments_invalid', 'invalid', sentence, {
      errors: problems.slice(0, MOST_PROBLEMS).map(({ pointer, detail }) => ({ pointer, code: 'language.arguments_invalid', detail })),
    });
  }

  private validator(schema: Json): Validate {
    if (typeof schema !== 'object' || schema === null) return usable(schema);
    const known = this.compiled.get(schema) ?? usable(schema);
    this.compiled.set(schema, known);
    return known;
  }
}

/** A schema that cannot be used lets nothing in: the check of the workspace tells its author before it comes to that. */
function usable(schema: Json): Validate {
  try {
    return compileSchema(schema);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return (_, pointer) => [{ pointer, detail: `cannot be checked, for the schema of the endpoint cannot be used: ${why}` }];
  }
}

/** What is signed, where the author says it: a template over the call, its body as text. Throws for a body that is none. */
function payloadOf(template: string, { method, path, query, headers, body }: EndpointCall): { readonly payload: string } {
  const payload = filled(template, { method: method.toLowerCase(), path, query, headers, body: bodyText(body) });
  return { payload: typeof payload === 'string' ? payload : JSON.stringify(payload ?? '') };
}

function bodyText(body: Uint8Array): string {
  try {
    return text.decode(body);
  } catch {
    throw signatureInvalid();
  }
}

/** Undefined for a template that comes to nothing or cannot be evaluated. */
function filled(template: string, variables: JsonMap): Json | undefined {
  try {
    return fillIn(template, variables);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
