/** What a worker removes again and again, by the rules of the store and of identity. */
import { IdentityRetention } from "@portolan/identity"
import { Retention } from "@portolan/ports"
import { Duration, Effect } from "effect"

/** How often a worker removes what is of no use any more. */
const retainEvery = Duration.minutes(10)

/** Removes what the rules of retention let go, again and again. */
export const retain = Effect.all([
  Effect.flatMap(Retention.Retention, ({ forget }) => forget),
  Effect.flatMap(IdentityRetention.IdentityRetention, ({ forget }) => forget)
]).pipe(
  Effect.map((removed) => removed.flat()),
  Effect.tap((removed) => {
    const rows = removed.filter((one) => one.rows > 0)
    return rows.length === 0 ? Effect.void : Effect.logInfo("what is of no use any more was removed", ...rows)
  }),
  Effect.catch((error) => Effect.logWarning("nothing could be removed", error.message)),
  Effect.andThen(Effect.sleep(retainEvery)),
  Effect.forever
)
