/** One connection to a server. Whatever breaks it is noted here; nothing ends the process, and it never comes back. */
import pg from "pg"
import { codeOf } from "../DatabaseError.ts"

/** A connection was lost, or gave no answer in time. It is closed for good; another one may do. */
export class ConnectionLost extends Error {
  /** As socket errors have one: `CONNECTION_CLOSED`, `CONNECT_TIMEOUT` or `STATEMENT_TIMEOUT`. */
  readonly code: string
  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
  }
}

/**
 * Turns what a driver says about a connection that broke into one error. The driver has plain errors without a code,
 * codes of the socket, and the server's last words (SQLSTATE class 57P, 08).
 */
export const asLost = (cause: unknown): ConnectionLost => {
  if (cause instanceof ConnectionLost) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = codeOf(cause) || (/timeout/.test(message) ? "CONNECT_TIMEOUT" : "CONNECTION_CLOSED")
  return new ConnectionLost(code, message, cause)
}

/** The server says FATAL when it ends the connection with this message. */
export const isFatal = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "severity" in cause && cause.severity === "FATAL"

/** A connection of the pool. */
export class Client extends pg.Client {
  /** When it was made, on the clock of `performance.now`. */
  readonly born = performance.now()
  /** The process of the server that serves this connection, as it names itself. */
  backend: number | undefined
  /** Whether statements may have names: not once the server did not know one. */
  keepsStatements = true
  #lost: ConnectionLost | undefined

  constructor(config?: pg.ClientConfig) {
    super(config)
    // From the first moment on: an error event that nobody hears ends the process, and the driver sends one whenever
    // a connection breaks, also while it is lent out and between two statements.
    this.on("error", (cause) => (this.#lost ??= asLost(cause)))
  }

  /** Why the connection is of no use any more. */
  get lost(): ConnectionLost | undefined {
    return this.#lost
  }

  /** Whether the server itself is at the other end. A pooler gives connections numbers of its own. */
  get isDirect(): boolean {
    return this.backend !== undefined && this.backend === Reflect.get(this, "processID")
  }

  /** Closes the connection at once, without a word to the server, which may not be listening. */
  cut(because: ConnectionLost): void {
    this.#lost ??= because
    this.connection.stream.destroy()
  }
}
