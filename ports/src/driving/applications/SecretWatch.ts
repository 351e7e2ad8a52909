/**
 * What happens to the secrets of applications by itself: a new secret of the provider is tried until it is accepted,
 * one that is over is forgotten, and operators hear of an end in time. Any number of processes may watch: each notice
 * is sent by one of them.
 */
import { ApplicationSecret, ApplicationWords, Id } from "@portolan/domain"
import { Context, DateTime, Duration, Effect, Layer } from "effect"
import type { Application } from "../../driven/Applications.ts"
import type { Notifier } from "../../driven/Notifier.ts"
import { bound, deps, type Deps, type Service } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"
import { tryPending } from "./receiveNotice.ts"
import { change, read, seedAll } from "./stored.ts"

type WatchDeps = Deps<"applications" | "notifier" | "secrets" | "vault">
type Notice = Parameters<Notifier["Service"]["notify"]>[0]
const { words } = ApplicationWords

/** How long a process waits between two applications; it looks at one after the other, again and again. */
export const lookEvery = Duration.seconds(30)

/** How long a process that sends a notice may take before another one sends it. */
const claimLife = Duration.minutes(2)

const textOf = (name: string, notice: ApplicationSecret.Keyed): Pick<Notice, "subject" | "text"> => {
  const sentences = (...all: ReadonlyArray<string | undefined>) => all.filter((one) => one !== undefined).join(" ")
  const iso = (at: DateTime.Utc | undefined) => at && DateTime.formatIso(at)
  const { about, version } = notice
  switch (about) {
    case "ends": {
      const at = DateTime.formatIso(notice.endsAt)
      return {
        subject: words.endsSubject({ name, left: notice.days }),
        text: words.ends({ name, at, isAssumed: version.endIsAssumed })
      }
    }
    case "refused":
      return {
        subject: words.refusedSubject({ name }),
        text: words.refused({ name, detail: version.tested?.detail ?? "" })
      }
    case "promoted": {
      const until = iso(notice.previousEndsAt)
      return {
        subject: words.promotedSubject({ name }),
        text: sentences(words.promoted({ name }), until && words.promotedUntil({ at: until }))
      }
    }
    case "fell-back": {
      const until = iso(version.endsAt)
      return {
        subject: words.fellBackSubject({ name }),
        text: sentences(words.fellBack({ name, detail: notice.detail }), until && words.fellBackUntil({ at: until }))
      }
    }
  }
}

/** Takes a notice, so that no other process sends it; false when another one has it or sent it. */
const claim = Effect.fnUntraced(function* (deps: WatchDeps, application: Application, key: string) {
  let isMine = false
  yield* change(deps, application, (state, at) => {
    isMine = ApplicationSecret.dueNotices(state, at).some((one) => one.key === key)
    return Effect.succeed(isMine ? ApplicationSecret.mark(state, key, DateTime.addDuration(at, claimLife)) : state)
  })
  return isMine
})

const send = Effect.fnUntraced(function* (deps: WatchDeps, application: Application, notice: ApplicationSecret.Keyed) {
  if (!(yield* claim(deps, application, notice.key))) return false
  const words = textOf(application.name, notice)
  yield* Effect.logWarning(words.subject, { application: application.name, about: notice.about })
  yield* deps.notifier.notify({
    id: yield* fixedId(deps, "job", `${application.id}/${notice.key}`),
    organizationId: Id.installation,
    topic: "application-secret",
    audience: "operators-and-support",
    ...words
  })
  yield* change(deps, application, (state) => Effect.succeed(ApplicationSecret.mark(state, notice.key)))
  return true
})

/** Looks once at one application; gives the keys of the notices that it sent. */
const lookAt = Effect.fnUntraced(function* (deps: WatchDeps, application: Application) {
  const { state: before, version } = yield* read(deps, application)
  if (version === undefined) return []
  if (before.pending?.promotesItself === true) yield* tryPending(deps, application, before.pending)
  const state = yield* change(deps, application, (now, at) => Effect.succeed(ApplicationSecret.expire(now, at)))
  const due = ApplicationSecret.dueNotices(state, yield* DateTime.now)
  const sent = yield* Effect.forEach(due, (notice) =>
    Effect.map(send(deps, application, notice), (isSent) => (isSent ? [notice.key] : []))
  )
  return sent.flat()
})

/** Looks once at one application; trouble is logged and holds up no other. */
const lookSafely = (deps: WatchDeps, application: Application) =>
  lookAt(deps, application).pipe(
    Effect.catch((error) =>
      Effect.as(
        Effect.logWarning("the secrets of an application could not be looked at", {
          application: application.name,
          because: error.message
        }),
        []
      )
    )
  )

/** Looks once at every application; one in trouble holds up no other. Gives the keys of the notices that it sent. */
export const look = Effect.fn("SecretWatch.look")(function* (deps: WatchDeps) {
  const sent = yield* Effect.forEach(deps.applications.all, (application) => lookSafely(deps, application))
  return sent.flat()
})

/** Looks at one application after the other, with a pause after each, so that looking costs little. */
const lookInTurn = (deps: WatchDeps) =>
  Effect.forEach(
    deps.applications.all,
    (application) => Effect.andThen(Effect.sleep(lookEvery), lookSafely(deps, application)),
    { discard: true }
  ).pipe(Effect.andThen(deps.applications.all.length === 0 ? Effect.sleep(lookEvery) : Effect.void))

/**
 * Stores what the settings say where nothing is stored, looks at all of it, and then at one after the other until it is
 * interrupted.
 */
export const watch = (deps: WatchDeps): Effect.Effect<never> =>
  seedAll(deps).pipe(
    Effect.catch((error) => Effect.logWarning("the secrets of the settings could not be stored", error.message)),
    Effect.andThen(look(deps)),
    Effect.andThen(Effect.forever(lookInTurn(deps)))
  )

const verbs = { look, watch }

/** Watches the secrets of applications. */
export interface Contract {
  /** Looks once; gives the keys of the notices that it sent. */
  readonly look: () => Effect.Effect<ReadonlyArray<string>>
  /** Looks at all of them, and then at one after the other, every half minute, until it is interrupted. */
  readonly watch: () => Effect.Effect<never>
}

/** Watches the secrets of applications. */
export class SecretWatch extends Context.Service<SecretWatch, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/SecretWatch"
) {
  /** Over the vault, the applications of the settings, and notices. */
  static readonly layer = Layer.effect(SecretWatch, bound(deps("applications", "notifier", "secrets", "vault"), verbs))
}
