/** Work that one of all instances does at a time. A lease keeps others from doing it in vain; it does not keep them from doing it. */
export abstract class Leases {
  /** Takes the lease of this name for so many milliseconds, or goes on having it. False: another instance has it. */
  abstract take(name: string, life: number): Promise<boolean>;
  /** Lets others have it. What somebody else has stays theirs. */
  abstract giveUp(name: string): Promise<void>;
}
