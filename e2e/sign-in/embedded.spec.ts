import { aConsoleSignsIn } from './console';
import { embeddedGround } from './embedded-ground';
import { aForeignClientSignsIn } from './foreign-client';
import { aPersonLeaves } from './leaving';

aForeignClientSignsIn('the embedded provider', () => embeddedGround());
aConsoleSignsIn('the embedded provider', () => embeddedGround());
aPersonLeaves('the embedded provider', () => embeddedGround());
