/** One statement outside any transaction: one round trip, for what guards itself or belongs to no organization. */
import type { StoreUnavailable } from "@portolan/ports"
import { Effect } from "effect"
import type { RawBuilder } from "kysely"
import { codeOf } from "../DatabaseError.ts"
import type { Store } from "../Store.ts"
import { Contended, insistent, isContended, unavailable } from "./failure.ts"

/** Runs one statement as the session's user and gives its rows. Whatever fails, the store is said to be unavailable. */
export const statement = <Row>(
  { database }: Store["Service"],
  doing: string,
  text: RawBuilder<Row>
): Effect.Effect<ReadonlyArray<Row>, StoreUnavailable.StoreUnavailable> =>
  insistent<ReadonlyArray<Row>, StoreUnavailable.StoreUnavailable>(
    database.kind,
    doing,
    Effect.tryPromise({
      try: async () => (await text.execute(database.kysely)).rows,
      catch: (cause) => (isContended(codeOf(cause)) ? new Contended(cause) : unavailable(doing, cause))
    })
  )
