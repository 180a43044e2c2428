import { aConsoleSignsIn } from './console';
import { embeddedGround } from './embedded-ground';
import { aForeignClientSignsIn } from './foreign-client';

aForeignClientSignsIn('the embedded provider', () => embeddedGround());
aConsoleSignsIn('the embedded provider', () => embeddedGround());
