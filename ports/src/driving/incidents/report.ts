/** How what a process has seen becomes an incident, or ends one: one small change of the installation. */
import { type Aggregate, Id, Incident } from "@portolan/domain"
import { Effect } from "effect"
import { findOptional } from "../advertisers/findOptional.ts"
import { decideAndCommit, decideOptional } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"
import type { Place } from "./CallRecord.ts"

/** Where a kind of refusal belongs: all regions of a channel, or one. */
export const placeOf = (kind: Incident.Kind, channel: Place["channel"], region: Place["region"]): Place =>
  Incident.rules[kind].scope === "region" && region !== undefined ? { kind, channel, region } : { kind, channel }

/** The id of the incidents of a kind at a place: the same in every process. */
export const incidentIdOf = (deps: Deps<"secrets">, { channel, kind, region }: Place): Effect.Effect<Id.IncidentId> =>
  fixedId(deps, "incident", `${kind}/${channel}/${region ?? ""}`)

/** Decides on an incident, commits, and gives it as it is then; of two processes the slower one decides again. */
export const recordIncident = (
  deps: ChangeDeps,
  id: Id.IncidentId,
  command: Incident.Command
): Effect.Effect<Aggregate.Types["incident"]["state"], never> =>
  decideAndCommit(deps, { organizationId: Id.installation, actor: { _tag: "System", part: "provider-watch" } }, () =>
    Effect.gen(function* () {
      const read = yield* findOptional(deps.repository.find("incident", Id.installation, id))
      if (read === undefined && command._tag !== "Report") return { decided: [], result: Incident.initial }
      const decided = yield* decideOptional("incident", id, read, command)
      return { decided: [decided], result: decided.next }
    })
  ).pipe(
    Effect.timeout("5 seconds"),
    // What was seen is seen again; the call that showed it must not suffer from it.
    Effect.catch((error) =>
      Effect.as(Effect.logWarning("an incident could not be put on record yet", error._tag), Incident.initial)
    )
  )

/** Reads the incidents that are open; none when they cannot be read. */
export const readOpen = ({ repository }: Deps<"repository">): Effect.Effect<ReadonlyArray<Incident.Open> | undefined> =>
  repository.incidents().pipe(
    Effect.map((all) => all.filter((one): one is Incident.Open => one._tag === "Open")),
    Effect.timeout("5 seconds"),
    Effect.catch(() => Effect.succeed(undefined))
  )
