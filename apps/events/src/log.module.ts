import type { Alarms } from '@millrace/kernel';
import type { ServiceParts } from '@millrace/service';
import type { Provider, Type } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { BackPressure } from './application/back-pressure';
import { Deeds } from './application/deeds';
import { DescribeLog } from './application/log/describe-log';
import { LogNews } from './application/log/log-news';
import { RebuildHistory } from './application/log/rebuild-history';
import { TrimLog } from './application/log/trim-log';
import type { Retentions } from './application/ports/retentions';
import type { EventsConfig } from './config';
import { KeyValueLeases } from './infrastructure/key-value-leases';
import { KeyValueRebuilds } from './infrastructure/key-value-rebuilds';
import { EachMinute } from './interface/events/each-minute';
import { LogRpc } from './interface/rpc/log.rpc';

const DAY = 86_400_000;

/** Milliseconds that the store rests between two portions of a rebuild, and when it could not take one. */
const REST = { short: 20, long: 2_000 };

/** What keeps the log, and fills the history from it. */
export interface OpenLog {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly pressure: BackPressure;
}

/** Wires what keeps the log at its size, tells of it, and fills the history from it again. */
export async function openLog(parts: ServiceParts, config: EventsConfig, alarms: Alarms, retentions: Retentions): Promise<OpenLog> {
  const { platform, clock, ids, log } = parts;
  const { eventLog, history, keyValue } = platform;
  const { logDays: days, logAbandoned: abandoned } = config;
  const leases = await KeyValueLeases.open(keyValue, ids.mint('events'));
  const news = new LogNews({ eventLog, clock, ids, log });
  const trimLog = new TrimLog({ eventLog, leases, news, clock, log, keep: days * DAY, abandoned });
  const rebuild = new RebuildHistory({
    ...{ eventLog, history, retentions, leases, news, clock, ids },
    deeds: new Deeds(clock, ids),
    rebuilds: await KeyValueRebuilds.open(keyValue),
    rest: (isBusy) => setTimeout(isBusy ? REST.long : REST.short),
    begun: () => rebuilding.begin(),
  });
  const chores = { alarms, clock, log };
  const trimming = new EachMinute({ name: 'trimming the log', work: () => trimLog.run(), giveUp: () => trimLog.giveUp() }, chores);
  const rebuilding = new EachMinute(
    { name: 'filling the history from the log', work: (signal) => rebuild.goOn(signal), giveUp: () => rebuild.giveUp() },
    chores,
  );
  return {
    controllers: [LogRpc],
    providers: [
      { provide: 'trimming', useValue: trimming },
      { provide: 'rebuilding', useValue: rebuilding },
      { provide: DescribeLog, useValue: new DescribeLog({ eventLog, days, abandoned }) },
      { provide: RebuildHistory, useValue: rebuild },
    ],
    pressure: new BackPressure(eventLog, clock, () => trimming.begin()),
  };
}
