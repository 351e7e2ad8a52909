/**
 * The secrets of applications as adapters send them: what the vault says, at most some seconds old. A vault that is
 * away leaves what was read before, and, before anything was read, the secret of the settings.
 */
import { ApplicationSecret } from "@portolan/domain"
import { Clock, Effect } from "effect"
import type { Application, Credential, SecretSource } from "../../driven/Applications.ts"
import type { Deps } from "../shared/deps.ts"
import { credentialOf } from "./changeSecrets.ts"
import { change, read } from "./stored.ts"

type SecretDeps = Deps<"applications" | "vault">

/** How old what a process knows of the secrets may be: so soon does it use one that was promoted elsewhere. */
export const freshMillis = 5000

interface Known {
  readonly at: number
  readonly credentials: ReadonlyArray<Credential>
}

/** The stored secrets, and that of the settings when it is none of them: the provider may accept it. */
const credentialsOf = (application: Application, state: ApplicationSecret.State): ReadonlyArray<Credential> => [
  ...ApplicationSecret.versions(state).map(credentialOf),
  ...(ApplicationSecret.find(state, application.given.secret) === undefined ? [application.given] : [])
]

const report = (
  deps: SecretDeps,
  application: Application,
  { accepted, detail, refused }: Parameters<SecretSource["report"]>[1]
) =>
  change(deps, application, (state, at) => {
    const secrets = refused.map(({ secret }) => secret)
    const seen = { accepted: { ...accepted, source: "settings" }, refused: secrets, detail } as const
    return Effect.succeed(ApplicationSecret.settle(state, seen, application, at))
  }).pipe(
    Effect.flatMap(({ current, fellBack }) =>
      Effect.logError("the provider refuses the secret of an application and accepts another one", {
        application: application.name,
        used: current.number,
        refused: fellBack?.number
      })
    ),
    // What was seen is seen again with the next request.
    Effect.catch((error) => Effect.logWarning("a refused secret could not be put on record", error.message))
  )

/** Builds the source of one process. */
export const liveSecrets = (deps: SecretDeps): SecretSource => {
  const known = new Map<string, Known>()
  const byId = new Map(deps.applications.all.map((one) => [one.id, one]))
  const fetch = Effect.fnUntraced(function* (application: Application, now: number) {
    const before = known.get(application.id)
    const credentials = yield* read(deps, application).pipe(
      Effect.map(({ state }) => credentialsOf(application, state)),
      Effect.timeout("2 seconds"),
      Effect.catch((error) =>
        Effect.as(
          Effect.logWarning("the secrets of an application could not be read", {
            application: application.name,
            because: error.message
          }),
          before?.credentials ?? [application.given]
        )
      )
    )
    known.set(application.id, { at: now, credentials })
    return credentials
  })
  return {
    candidates: Effect.fnUntraced(function* (id, renew = false) {
      const application = byId.get(id)
      if (application === undefined) return []
      const now = yield* Clock.currentTimeMillis
      const last = known.get(id)
      const isFresh = last !== undefined && !renew && now - last.at < freshMillis
      return isFresh ? last.credentials : yield* fetch(application, now)
    }),
    report: (id, seen) => {
      const application = byId.get(id)
      if (application === undefined) return Effect.void
      return Effect.andThen(
        report(deps, application, seen),
        Effect.sync(() => known.delete(id))
      )
    }
  }
}
