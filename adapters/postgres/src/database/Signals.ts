/**
 * Wakes workers and followers of this process when a job may be due, or the history of an organization grew. On a
 * server the notifications come from the database, for what any process commits (`Listener`); on the embedded
 * database, and while the listener is away, this process notifies itself of what it commits.
 */

/** Calls back when there is news. It must not throw. */
type Wake = () => void

/** Where the news of other processes come from. */
export interface Source {
  /** Begins to listen, if nobody has begun it yet. */
  readonly start: (news: News) => void
  /** Whether everything that is committed is heard at this moment. */
  readonly isListening: () => boolean
}

/** What a source tells. */
export interface News {
  /** A job may be due. */
  readonly jobs: () => void
  /** The history of an organization grew. */
  readonly history: (organizationId: string) => void
  /** Anything may have happened unheard. */
  readonly everything: () => void
}

/** The signals of one process. */
export class Signals {
  readonly #source: Source | undefined
  readonly #workers = new Set<Wake>()
  readonly #followers = new Map<string, Set<Wake>>()
  readonly #news: News = {
    jobs: () => this.#workers.forEach((wake) => wake()),
    history: (organizationId) => this.#followers.get(organizationId)?.forEach((wake) => wake()),
    everything: () => {
      this.#news.jobs()
      for (const organizationId of this.#followers.keys()) this.#news.history(organizationId)
    }
  }

  /** Without a source, all that happens happens in this process. */
  constructor(source?: Source) {
    this.#source = source
  }

  /** Whether the commits of every process are heard at once. */
  get hearsAll(): boolean {
    return this.#source?.isListening() ?? true
  }

  /** Organizations whose history somebody follows. */
  get followed(): ReadonlyArray<string> {
    return [...this.#followers.keys()]
  }

  /** Calls back when a job may be due. Gives the way to end it. */
  onJobs(wake: Wake): () => void {
    this.#source?.start(this.#news)
    this.#workers.add(wake)
    return () => void this.#workers.delete(wake)
  }

  /** Calls back when the history of an organization grew. Gives the way to end it. */
  onHistory(organizationId: string, wake: Wake): () => void {
    this.#source?.start(this.#news)
    const wakes = this.#followers.get(organizationId) ?? new Set()
    this.#followers.set(organizationId, wakes.add(wake))
    return () => {
      wakes.delete(wake)
      if (wakes.size === 0) this.#followers.delete(organizationId)
    }
  }

  /** Tells that the history of an organization grew. */
  history(organizationId: string): void {
    this.#news.history(organizationId)
  }

  /** Takes note of what this process committed. The source tells it as well, where there is one that listens. */
  committed(organizationId: string): void {
    if (this.#source?.isListening() === true) return
    this.#news.jobs()
    this.#news.history(organizationId)
  }

  /** Takes note of jobs that this process put off or gave back, in the same way. */
  putOff(): void {
    if (this.#source?.isListening() !== true) this.#news.jobs()
  }
}
