export { runtimeService } from './runtime.module';
