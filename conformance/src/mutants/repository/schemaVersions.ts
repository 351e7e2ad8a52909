/** Repositories that are wrong about what other releases wrote: REPO-26. */
import { Aggregate, Job, Stored } from "@portolan/domain"
import { Effect, Result, Schema } from "effect"
import { faultPoints } from "../../reference/repository/faultPoints.ts"
import { mutant, replacing } from "./mutant.ts"

/** Loses the column. */
export const dropsVersion = mutant(
  "repo-drops-schema-version",
  "REPO-26",
  "Stores the JSON without its schema version: what a newer release wrote is read as if it were known.",
  { faultPoints: { read: (kind, part, { schemaVersion: _, ...stored }) => faultPoints.read(kind, part, stored) } }
)

const decoders = new Map(
  Object.entries(Aggregate.machines).flatMap(([kind, { Event, State }]) => [
    [`${kind} state`, Schema.decodeUnknownResult(Schema.toCodecJson<Schema.Codec<object, unknown>>(State))],
    [`${kind} event`, Schema.decodeUnknownResult(Schema.toCodecJson<Schema.Codec<object, unknown>>(Event))]
  ])
)

const decodeTask = Schema.decodeUnknownResult(Schema.toCodecJson(Job.Task))

/** Decodes by today's schema. */
export const ignoresUpcasters = mutant(
  "repo-ignores-upcasters",
  "REPO-26",
  "Reads every record by today's schema, whatever version it was written in.",
  {
    faultPoints: {
      read: (kind, part, stored) => {
        const read = (kind === "job" ? decodeTask : decoders.get(`${kind} ${part}`))?.(stored.payload)
        if (read !== undefined && Result.isSuccess(read)) return Result.succeed(read.success)
        return Result.fail(
          new Stored.Unreadable({ reason: "does-not-fit", kind, part, schemaVersion: stored.schemaVersion ?? 1 })
        )
      }
    }
  }
)

/** Leaves out what it cannot read. */
export const hidesUnreadable = mutant(
  "repo-hides-unreadable",
  "REPO-26",
  "Lists leave out a record that cannot be read, and say nothing of it.",
  { faultPoints: { named: () => [] } }
)

/** Goes on behind what it cannot read. */
export const skipsUnreadable = mutant(
  "log-skips-unreadable",
  "REPO-26",
  "Reading on in the history skips an event that cannot be read.",
  {
    wrap: replacing(({ log }) => ({
      log: {
        after: (organizationId, position, limit) =>
          log
            .after(organizationId, position, limit)
            .pipe(Effect.catchTag("Unreadable", () => log.after(organizationId, position + 1, limit)))
      }
    }))
  }
)
