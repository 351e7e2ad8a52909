/**
 * One connection of a process that hears what is committed (`LISTEN`), beside the pool. It opens when a worker or a
 * follower waits for the first time. A connection that breaks, or on which a notification of its own is not heard, is
 * replaced; workers and followers then look once, because notifications may have been lost meanwhile.
 *
 * A pooler that gives each transaction another connection does not let anybody listen. Its own notification is not
 * heard there, and `isListening` stays false.
 *
 * @see https://www.postgresql.org/docs/current/sql-notify.html
 */
import { randomUUID } from "node:crypto"
import { asLost, type Client, ConnectionLost } from "./Client.ts"
import { send } from "./question.ts"
import type { News, Source } from "./Signals.ts"

/** How long opening the connection, and hearing a ping, may take. */
const patienceMillis = 3_000

/** How often the connection is tried while nothing else is heard: two statements a minute. */
const pingMillis = 30_000

/** Waits between two attempts, in milliseconds; the last one is for all that follow. */
const waits = [100, 250, 500, 1_000, 2_000, 5_000] as const

const listening = "listen portolan_jobs; listen portolan_events; listen portolan_ping"

/** Listens, from the first `start` until `stop`. */
export class Listener implements Source {
  readonly #make: () => Client
  readonly #onLost: (cause: unknown) => void
  #news: News | undefined
  #client: Client | undefined
  #isListening = false
  #isStopped = false
  /** The wait for the next ping, or for the next attempt. */
  #timer: NodeJS.Timeout | undefined
  #heard: ((payload: string) => void) | undefined

  /** `make` gives a connection that is not open yet; `onLost` hears once of each time that nothing is heard. */
  constructor(make: () => Client, onLost: (cause: unknown) => void) {
    this.#make = make
    this.#onLost = onLost
  }

  isListening(): boolean {
    return this.#isListening
  }

  start(news: News): void {
    if (this.#news !== undefined || this.#isStopped) return
    this.#news = news
    void this.#open(0)
  }

  /** Ends it for good. */
  stop(): void {
    this.#isStopped = true
    this.#isListening = false
    clearTimeout(this.#timer)
    const client = this.#client
    const stopped = new ConnectionLost("CONNECTION_CLOSED", "the listener was stopped")
    void client?.end().catch(() => client.cut(stopped))
  }

  async #open(failures: number): Promise<void> {
    const client = this.#make()
    this.#client = client
    let isOver = false
    const lose = (cause: unknown) => {
      if (isOver) return
      isOver = true
      this.#lose(client, failures, cause)
    }
    client.on("error", lose)
    client.on("end", () => lose(new ConnectionLost("CONNECTION_CLOSED", "the connection was closed")))
    client.on("notification", ({ channel, payload = "" }) => this.#hear(channel, payload))
    const limit = setTimeout(() => lose(new ConnectionLost("CONNECT_TIMEOUT", "no answer in time")), patienceMillis)
    try {
      await client.connect()
      await send(client, { text: listening, millis: patienceMillis })
      await this.#ping(client)
      if (isOver) return
      this.#isListening = true
      this.#news?.everything()
      this.#keep(client, lose)
    } catch (cause) {
      lose(cause)
    } finally {
      clearTimeout(limit)
    }
  }

  #lose(client: Client, failures: number, cause: unknown): void {
    const was = this.#isListening
    this.#isListening = false
    clearTimeout(this.#timer)
    client.cut(asLost(cause))
    if (this.#isStopped) return
    if (was || failures === 0) this.#onLost(cause)
    if (was) this.#news?.everything()
    const next = was ? 0 : failures
    const wait = waits[Math.min(next, waits.length - 1)] ?? 0
    this.#timer = setTimeout(() => void this.#open(next + 1), wait)
    this.#timer.unref()
  }

  #hear(channel: string, payload: string): void {
    if (channel === "portolan_jobs") this.#news?.jobs()
    else if (channel === "portolan_events") this.#news?.history(payload)
    else this.#heard?.(payload)
  }

  /** Sends a notification to itself, and fails when it is not heard. */
  async #ping(client: Client): Promise<void> {
    const id = randomUUID()
    let isHeard = false
    this.#heard = (heard) => {
      isHeard ||= heard === id
    }
    await send(client, { text: "select pg_notify('portolan_ping', $1)", values: [id], millis: patienceMillis })
    // A notification comes before the server says that it is ready for the next statement, so it is here by now.
    if (!isHeard)
      throw new ConnectionLost("CONNECTION_CLOSED", "a pooler stands in between, through which none listens")
  }

  /** Tries the connection again and again. */
  #keep(client: Client, lose: (cause: unknown) => void): void {
    this.#timer = setTimeout(() => {
      this.#ping(client).then(() => {
        if (this.#isListening) this.#keep(client, lose)
      }, lose)
    }, pingMillis)
    this.#timer.unref()
  }
}
