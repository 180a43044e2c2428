import { aConsoleSignsIn } from './console';
import { aForeignClientSignsIn } from './foreign-client';
import { keycloakGround } from './keycloak-ground';
import { aPersonIsRemoved, aPersonLeaves } from './leaving';

aForeignClientSignsIn('Keycloak', () => keycloakGround());
aConsoleSignsIn('Keycloak', () => keycloakGround());
aPersonLeaves('Keycloak', () => keycloakGround());
aPersonIsRemoved('Keycloak', () => keycloakGround());
