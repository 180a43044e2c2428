import type { Consumption, EventLog } from '@millrace/messaging';
import { withIds, type Metrics } from '@millrace/observability';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { AnswerApproval } from '../../application/approvals/answer-approval';
import { Gatherings } from '../../application/admission/gatherings';
import { Approvals } from '../../application/approvals/approvals';
import type { Runs } from '../../application/execution/runs';
import type { Schedules } from '../../application/schedules/schedules';
import type { GatheredStarts } from '../../application/starting/gathered-starts';
import { Redrives } from '../../application/inspecting/dead-letters/redrives';
import type { TellDeadLetter } from '../../application/inspecting/dead-letters/tell-dead-letter';
import { WorkOffReplays } from '../../application/inspecting/replays/work-off-replays';
import type { HandleEvent } from '../../application/starting/handle-event';
import type { Timers } from '../../application/timers/timers';

const GRACE = 20_000;
const ATTEMPTS = 5;

export interface TriggersParts {
  readonly eventLog: EventLog;
  readonly handleEvent: HandleEvent;
  readonly tellDeadLetter: TellDeadLetter;
  readonly timers: Timers;
  readonly runs: Runs;
  readonly answerApproval: AnswerApproval;
  readonly gathered: GatheredStarts;
  readonly workOffReplays: WorkOffReplays;
  readonly redrives: Redrives;
  readonly schedules: Schedules;
  /** Events in hand at once. */
  readonly parallel: number;
  readonly metrics: Metrics;
}

/** Follows the log and the clock: each event is handed to the runs that wait for it and starts others; each timer takes a run on. */
export class Triggers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;
  private readonly seconds;

  constructor(private readonly parts: TriggersParts) {
    this.seconds = parts.metrics.seconds('runtime_event_seconds', 'From an event in hand to the end of the runs it started.');
  }

  async onApplicationBootstrap(): Promise<void> {
    const { eventLog, handleEvent, tellDeadLetter, parallel, timers, schedules, workOffReplays, redrives } = this.parts;
    await timers.start((name) => this.onTimer(name));
    await workOffReplays.start();
    await redrives.start();
    schedules.start();
    const durable = {
      name: 'runtime',
      filter: ['*.>'],
      order: 'key',
      parallel,
      attempts: ATTEMPTS,
      start: 'first',
    } as const;
    this.consumption = await eventLog.consume(durable, async (event, { attempt, isAgain = false }) => {
      const end = this.seconds.startTimer();
      const ids = { correlationId: event.correlationId, workspace: event.workspaceId };
      try {
        // What may have been handled by somebody who is gone is no first delivery, though none has failed.
        await withIds(ids, () => handleEvent.run(event, isAgain ? Math.max(attempt, 2) : attempt));
      } catch (fault) {
        if (attempt >= ATTEMPTS) await tellDeadLetter.run(event, fault);
        throw fault;
      }
      end();
      return { kind: 'done' };
    });
  }

  private onTimer(name: string): Promise<void> {
    const { runs, answerApproval, gathered, workOffReplays, redrives } = this.parts;
    if (Approvals.owns(name)) return answerApproval.onTimer(name);
    if (WorkOffReplays.owns(name)) return workOffReplays.onTimer(name);
    if (Redrives.owns(name)) return redrives.onTimer(name);
    return Gatherings.owns(name) ? gathered.onTimer(name) : runs.onTimerOf(name);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const stopped = this.consumption?.stop(GRACE);
    this.parts.runs.drain();
    await stopped;
    await this.parts.schedules.stop();
    await this.parts.timers.stop();
  }
}
