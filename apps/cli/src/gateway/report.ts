/** A limit as the gateway tells of it. */
interface ToldLimit {
  readonly name: string;
  readonly by: string;
  readonly allowed: number;
  readonly seconds: number;
  readonly atOnce: number;
  readonly strict?: boolean;
  readonly closesForSeconds?: number;
}

interface ToldRequest {
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly class: string;
  readonly permission?: string;
  readonly rule?: string;
  readonly refused?: string;
  readonly limits: readonly ToldLimit[];
  readonly gateways: number;
  readonly resting: readonly string[];
  readonly timeoutSeconds: number;
  readonly overload: string;
  readonly mostBytes?: number;
}

/** What the gateway says of a request, for a person. */
export function explanation(answer: unknown): string {
  const told = answer as ToldRequest;
  const rows: (readonly [string, string | undefined])[] = [
    ['route', told.route],
    ['class', told.class],
    ['permission', told.permission],
    ['rule', told.rule === undefined ? undefined : `${told.rule} in gateway.yaml`],
    ['refused', told.refused],
    ...(told.limits.length === 0 ? [['limit', 'none'] as const] : told.limits.map((limit) => ['limit', limitText(limit)] as const)),
    ['gateways', `${told.gateways} share the limits`],
    ['resting', told.resting.length === 0 ? undefined : `${told.resting.join(', ')}: not called for some seconds`],
    ['deadline', `${told.timeoutSeconds} s`],
    ['overload', told.overload],
    ['body', told.mostBytes === undefined ? undefined : `at most ${told.mostBytes} bytes`],
  ];
  const lines = rows.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(12)}${text}\n`]));
  return `${told.method} ${told.path}\n${lines.join('')}`;
}

function limitText({ name, by, allowed, seconds, atOnce, strict, closesForSeconds }: ToldLimit): string {
  const burst = atOnce === allowed ? '' : `, ${atOnce} at once`;
  const counted = strict === true ? ', each counted in the store' : '';
  const closes = closesForSeconds === undefined ? '' : `, then closed for ${closesForSeconds} s`;
  return `"${name}": ${allowed} in ${seconds} s by ${by}${burst}${counted}${closes}`;
}
