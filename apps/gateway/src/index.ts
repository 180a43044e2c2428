export { gatewayService } from './gateway.module';
export type { GatewayDefinition, GatewayOptions } from './gateway.module';
export type { FirstSignIn } from './infrastructure/issuer';
