/** How many may be connected at once, and how much they may ask for. */
export interface LiveLimits {
  readonly socketsPerUser: number;
  readonly subscriptionsPerUser: number;
  readonly socketsPerWorkspace: number;
  readonly subscriptionsPerSocket: number;
}

/** Open connections of somebody, and their subscriptions in force. */
export interface Share {
  readonly sockets: number;
  readonly subscriptions: number;
}

/** Who is connected to an instance, as it tells the others: by person, key or visitor, and by workspace. Small shares are left out. */
export interface Attended {
  readonly people: Readonly<Record<string, Share>>;
  readonly workspaces: Readonly<Record<string, number>>;
}

/** What part of a limit an instance may hold without telling the others. */
const SMALL = 10;

/** Whether somebody has so much of what they may that other instances have to know of it. */
export function isLarge({ sockets, subscriptions }: Share, { socketsPerUser, subscriptionsPerUser }: LiveLimits): boolean {
  return sockets * SMALL > socketsPerUser || subscriptions * SMALL > subscriptionsPerUser;
}

/** As `isLarge`, of the sockets in a workspace. */
export function isCrowd(sockets: number, { socketsPerWorkspace }: LiveLimits): boolean {
  return sockets * SMALL > socketsPerWorkspace;
}

/** Part of a limit from which on it is nearly reached. */
const NEARLY = 0.8;

/** Whether so many are nearly as many as may be. */
export function isNearly(used: number, most: number): boolean {
  return used >= most * NEARLY;
}

export function sum(shares: readonly (Share | undefined)[]): Share {
  const all = { sockets: 0, subscriptions: 0 };
  for (const share of shares) {
    all.sockets += share?.sockets ?? 0;
    all.subscriptions += share?.subscriptions ?? 0;
  }
  return all;
}
