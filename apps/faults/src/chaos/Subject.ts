/** What a run goes at. */

/** A server and its worker. */
export interface Subject {
  readonly origin: string
  /** Headers of a principal that may read, invite and add. */
  readonly headers: { readonly [name: string]: string }
  /** The names of processes that ended without having been asked to. A process counts once; it is started again. */
  readonly deaths: () => Promise<ReadonlyArray<string>>
  /** The addresses to which mails were sent, one for each mail. */
  readonly mailedTo: () => Promise<ReadonlyArray<string>>
  /** What else was lost or done twice, in words. */
  readonly audit: () => Promise<{ readonly lost: ReadonlyArray<string>; readonly doubled: ReadonlyArray<string> }>
}

/** A fault. It is over when its promise is. */
export interface Fault {
  readonly name: string
  readonly strike: () => Promise<void>
}
