import type { Json, JsonMap } from '@millrace/kernel';
import type { EffectError } from '@millrace/language';

export type ModuleOutcome = { readonly value: Json } | { readonly error: EffectError };

/** The modules of the platform, as `run` uses them (`language.md` §6.10): what is wrong with the asking is an outcome, never a throw. */
export abstract class Modules {
  /** `runtime.effect_unsupported` for a module or function that there is not, `language.argument_type` for parameters that do not fit. */
  abstract run(module: string, name: string, parameters: JsonMap): ModuleOutcome;
}
