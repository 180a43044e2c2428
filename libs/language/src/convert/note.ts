/** What became of one file of an archive. */
export interface ImportNote {
  readonly file: string;
  readonly outcome: 'same' | 'translated' | 'kept, unused' | 'refused';
  /** Why, and what to look at afterwards. */
  readonly reason: string;
  /** Places at which a row of the compatibility table applies. */
  readonly differences: readonly ImportDifference[];
}

/** A place where the imported text means something else here. */
export interface ImportDifference {
  /** The row of the compatibility table. */
  readonly row: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A workspace as files, and what became of each file it was made from. */
export interface Imported {
  readonly files: Readonly<Record<string, string>>;
  readonly report: readonly ImportNote[];
}
