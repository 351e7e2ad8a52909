/** What the server says it is doing for the connections of this process, asked on a connection of its own. */
import { Schema } from "effect"
import { type Client, ConnectionLost } from "./Client.ts"
import { type Question, send } from "./question.ts"

/**
 * Every session of this user. A state that may not be seen, or is switched off, counts as work.
 * @see https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
 */
const text = `select pid from pg_stat_activity
  where datname = current_database() and coalesce(state, 'active') not like 'idle%'`

const decode = Schema.decodeUnknownSync(Schema.Struct({ rows: Schema.Array(Schema.Struct({ pid: Schema.Int })) }))

/** How long the question may take, from the first packet on, in milliseconds. */
const limitMillis = 3_000

/** Asks for all who are in doubt at the same time at once. */
export class Activity {
  readonly #make: () => Client
  #pending: Promise<ReadonlySet<number> | undefined> | undefined

  constructor(make: () => Client) {
    this.#make = make
  }

  /**
   * Whether the server has nothing to do for a connection that waits for an answer. Not when it cannot be asked, and
   * not behind a pooler, which gives connections other numbers than the server does.
   */
  async isForgotten(client: Client): Promise<boolean> {
    const { backend } = client
    if (backend === undefined || !client.isDirect) return false
    const pending = (this.#pending ??= this.#look().finally(() => {
      this.#pending = undefined
    }))
    const busy = await pending
    return busy !== undefined && !busy.has(backend)
  }

  /** Ends what the server holds open for a connection that was given up; its locks would stand until it notices. */
  end(client: Client): void {
    const { backend } = client
    if (backend === undefined || !client.isDirect) return
    void this.#send({ text: "select pg_terminate_backend($1::int)", values: [backend], millis: limitMillis })
  }

  async #look(): Promise<ReadonlySet<number> | undefined> {
    const answer = await this.#send({ text, millis: limitMillis })
    return answer === undefined ? undefined : new Set(decode(answer).rows.map(({ pid }) => pid))
  }

  /** Sends a statement on a connection of its own; `undefined` when there was no answer. */
  async #send(question: Question): Promise<unknown> {
    const client = this.#make()
    const timer = setTimeout(
      () => client.cut(new ConnectionLost("CONNECT_TIMEOUT", "the server is silent")),
      limitMillis
    )
    try {
      await client.connect()
      return await send(client, question)
    } catch {
      return undefined
    } finally {
      clearTimeout(timer)
      client.cut(new ConnectionLost("CONNECTION_CLOSED", "the question is answered"))
    }
  }
}
