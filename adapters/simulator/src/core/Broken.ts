/** A connection that a fault breaks: in process a rejection, as `fetch` rejects; on a socket the end of the socket. */

/** What a `fetch` whose connection breaks rejects with. */
export class Broken extends TypeError {
  /** As Node names it. */
  readonly code = "ECONNRESET"
  constructor(what: string) {
    super(`the simulated connection broke (${what})`)
  }
}

/** What a `fetch` that gets no answer at all rejects with: in process nobody waits. */
export class Hanging extends TypeError {
  /** As Node names the end of a wait. */
  readonly code = "ETIMEDOUT"
  constructor() {
    super("the simulated provider does not answer (hang); behind a server the connection stays open")
  }
}

/** Marks an answer whose second half never comes. */
export const cutHeader = "x-simulated-cut"
