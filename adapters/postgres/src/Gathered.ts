/**
 * Asks many small questions in few statements. A question goes out at the end of the turn of the event loop in which it
 * comes, with the others of that turn; while some statements are on their way, what comes waits for the first of them
 * to return and then goes out together. So one caller has its answer in one statement, and many share few.
 */

/** Statements on their way before questions wait for one of them. */
const together = 2

/** A statement that takes longer than this, in milliseconds, keeps no question waiting any more. */
const patienceMillis = 50

/** The most questions of one statement. */
const most = 64

/** How questions are sent. */
export interface Batching<Q, A> {
  /** Sends questions as one statement; gives their answers in the same order. */
  readonly send: (questions: ReadonlyArray<Q>) => Promise<ReadonlyArray<A>>
  /** Whether a failure is nobody's fault: it is not asked again question by question. */
  readonly isOfAll: (cause: unknown) => boolean
}

interface Waiting<Q, A> {
  readonly question: Q
  readonly resolve: (answer: A) => void
  readonly reject: (cause: unknown) => void
}

/** What waits, and what is on its way. */
export class Gathered<Q, A> {
  readonly #batching: Batching<Q, A>
  #waiting: Array<Waiting<Q, A>> = []
  #sending = 0
  #isScheduled = false

  constructor(batching: Batching<Q, A>) {
    this.#batching = batching
  }

  /** Asks one question. It fails as the statement does that it went out with, when it also fails alone. */
  answer(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled || this.#sending >= together || this.#waiting.length === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      void this.#sendWaiting()
    })
  }

  async #sendWaiting(): Promise<void> {
    const some = this.#waiting.splice(0, most)
    let isCounted = true
    const leave = () => {
      if (!isCounted) return
      isCounted = false
      this.#sending -= 1
      this.#schedule()
    }
    this.#sending += 1
    const timer = setTimeout(leave, patienceMillis)
    this.#schedule()
    await this.#settle(some)
    clearTimeout(timer)
    leave()
  }

  async #settle(some: ReadonlyArray<Waiting<Q, A>>): Promise<void> {
    try {
      const answers = await this.#batching.send(some.map(({ question }) => question))
      for (const [at, { resolve }] of some.entries()) resolve(answers[at] as A)
    } catch (cause) {
      if (some.length > 1 && !this.#batching.isOfAll(cause)) await Promise.all(some.map((one) => this.#settle([one])))
      else for (const { reject } of some) reject(cause)
    }
  }
}
