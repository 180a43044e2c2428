import { aConsoleSignsIn } from './console';
import { aForeignClientSignsIn } from './foreign-client';
import { keycloakGround } from './keycloak-ground';

aForeignClientSignsIn('Keycloak', () => keycloakGround());
aConsoleSignsIn('Keycloak', () => keycloakGround());
