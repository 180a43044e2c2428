import { runAlone } from '@millrace/service';
import { gatewayService, type FirstSignIn } from './index';

/** Told once and kept nowhere, so it must not get lost. */
const onFirstSignIn = ({ username, password }: FirstSignIn): void => {
  process.stdout.write(`\n  Sign in as "${username}" with the password ${password}  (shown once)\n\n`);
};

await runAlone((environment) => gatewayService(environment, { onFirstSignIn }));
