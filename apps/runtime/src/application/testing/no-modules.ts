import { Modules, type ModuleOutcome } from '../ports/modules';

/** A platform without modules. */
export class NoModules extends Modules {
  override run(module: string): ModuleOutcome {
    return { error: { code: 'runtime.effect_unsupported', message: `There is no module ${module} here.` } };
  }
}
