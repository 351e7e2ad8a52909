/** Sends a change: one statement, which a function of the database carries out (migration 0013). */
import { UnitOfWork } from "@portolan/ports"
import { Schema } from "effect"
import { type QueryExecutorProvider, sql } from "kysely"
import { limited, naming } from "../store/outcome.ts"
import type { Single } from "../store/single.ts"
import type { Work } from "../Store.ts"
import { encodedChange } from "./encoded.ts"

const { AlreadyDone, JobGone, KeyReused, ProfileTaken, VersionConflict } = UnitOfWork

/** Why a change was refused. */
export type Refusal = Exclude<UnitOfWork.CommitError, { readonly _tag: "StoreUnavailable" }>

const RefusalRow = Schema.Union([VersionConflict, ProfileTaken, JobGone, AlreadyDone, KeyReused])

/** Recognises a refusal among what is thrown. */
export const isRefusal = Schema.is(RefusalRow)

/** What the function answers: a position, or why the change was refused. */
export interface Answer {
  readonly place: number | null
  readonly refusal: unknown
}

const decodeRefusal = Schema.decodeUnknownSync(Schema.toCodecJson(RefusalRow))

/** The last position of a change that was committed; throws why another one was refused. */
export const placeOf = ({ place, refusal }: Answer): number => {
  if (refusal !== null) throw decodeRefusal(refusal)
  return Number(place)
}

const rowOf = async (query: Promise<{ readonly rows: ReadonlyArray<Answer> }>): Promise<Answer> => {
  const [row] = (await query).rows
  if (row === undefined) throw new Error("a commit has no answer")
  return row
}

const carriedOut = (id: string, { organizationId }: UnitOfWork.Change, text: string) =>
  sql`portolan.commit_change(${organizationId}, ${id}, ${text}::json)`

/**
 * A change as one statement. Its first event shows whether it was committed, so it needs one; without an event nothing
 * tells it from the change of somebody else.
 */
export const singleStatement = (change: UnitOfWork.Change): Single<Answer> | undefined => {
  const first = change.writes.find(({ events }) => events.length > 0)
  const event = first?.events[0]
  if (first === undefined || event === undefined) return undefined
  const added = change.writes.reduce((sum, { events }) => sum + events.length, 0)
  const text = encodedChange(change)
  return {
    send: (kysely, id) =>
      rowOf(sql<Answer>`select place, refusal from ${carriedOut(id, change, text)}`.execute(kysely)),
    look: async (kysely, id) => {
      const { rows } = await sql<{ readonly place: number | null }>`
        select portolan.abandon_change(${change.organizationId}, ${id}, ${first.id}, ${event.id}) as place`.execute(
        kysely
      )
      const place = rows[0]?.place ?? null
      return place === null ? "absent" : { value: { place: Number(place) + added - 1, refusal: null } }
    }
  }
}

/** A change inside a transaction that has the rights of its session. */
export const inTransaction =
  (change: UnitOfWork.Change): Work<number> =>
  async (trx, note) => {
    const text = encodedChange(change)
    const row = await rowOf(
      sql<Answer>`select ${naming}, ${limited}, place, refusal from ${carriedOut("", change, text)}`.execute(trx)
    )
    note(row)
    return placeOf(row)
  }

/** What an earlier request with a key asked for and created. */
export const findRequest = async (kysely: QueryExecutorProvider, organizationId: string, key: string) =>
  (
    await sql<{ readonly fingerprint: string; readonly resource: string }>`
      select fingerprint, resource from portolan.find_request(${organizationId}, ${key})`.execute(kysely)
  ).rows[0]
