/** A connection that a fault breaks: in process a rejection, as `fetch` rejects; on a socket the end of the socket. */

/** What a `fetch` whose connection breaks rejects with. */
export class Broken extends TypeError {
  /** As Node names it. */
  readonly code = "ECONNRESET"
  constructor(what: string) {
    super(`the simulated connection broke (${what})`)
  }
}

/** Marks an answer whose second half never comes. */
export const cutHeader = "x-simulated-cut"
