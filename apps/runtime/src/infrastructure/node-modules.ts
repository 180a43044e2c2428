import { createHash, createHmac } from 'node:crypto';
import type { JsonMap } from '@millrace/kernel';
import { Modules, type ModuleOutcome } from '../application/ports/modules';

const ALGORITHMS = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const ENCODINGS = ['hex', 'base64', 'base64url'] as const;

/** The module `crypto`, on node's: `hash {text}` and `hmac {text, key}`, with `algorithm` (sha256) and `encoding` (hex). */
export class NodeModules extends Modules {
  override run(module: string, name: string, parameters: JsonMap): ModuleOutcome {
    if (module !== 'crypto') return unsupported(`This runtime has the module crypto, no ${module}.`);
    const { text, key, algorithm = 'sha256', encoding = 'hex' } = parameters;
    const hash = ALGORITHMS.find((one) => one === algorithm);
    const written = ENCODINGS.find((one) => one === encoding);
    if (hash === undefined) return wrong(`\`algorithm\` is one of ${ALGORITHMS.join(', ')}.`);
    if (written === undefined) return wrong(`\`encoding\` is one of ${ENCODINGS.join(', ')}.`);
    if (typeof text !== 'string') return wrong('`text` is the text to work on.');
    if (name === 'hash') return { value: createHash(hash).update(text).digest(written) };
    if (name !== 'hmac') return unsupported(`\`crypto\` has hash and hmac, no ${name}.`);
    // A key that is empty is one that somebody forgot to set.
    if (typeof key !== 'string' || key === '') return wrong('`key` is the secret to sign with.');
    return { value: createHmac(hash, key).update(text).digest(written) };
  }
}

function unsupported(message: string): ModuleOutcome {
  return { error: { code: 'runtime.effect_unsupported', refusal: 'unavailable', message } };
}

function wrong(message: string): ModuleOutcome {
  return { error: { code: 'language.argument_type', refusal: 'invalid', message } };
}
