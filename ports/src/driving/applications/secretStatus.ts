/** The secrets of applications as operators see them: dates, trials and warnings, and never a secret. */
import { ApplicationSecret, ApplicationWords, given, type Refused } from "@portolan/domain"
import type { VaultUnavailable } from "../../driven/TokenVault.ts"
import { DateTime, Effect } from "effect"
import type { Application } from "../../driven/Applications.ts"
import type { Deps } from "../shared/deps.ts"
import { read, type VaultError } from "./stored.ts"

const { words } = ApplicationWords

/** A secret without the secret. */
export interface SecretView {
  readonly number: number
  readonly label?: string
  readonly source: ApplicationSecret.Source
  readonly addedAt: DateTime.Utc
  readonly endsAt?: DateTime.Utc
  readonly endIsAssumed: boolean
  /** Whole days until the end; below zero when it is over. */
  readonly daysLeft?: number
  readonly tested?: ApplicationSecret.TestResult
}

/** An application with its secrets. */
export interface ApplicationView {
  readonly name: string
  readonly clientId: string
  readonly channels: ReadonlyArray<string>
  /** False while the secret of the settings is used because nothing is stored yet. */
  readonly isStored: boolean
  readonly current: SecretView
  readonly pending?: SecretView
  readonly previous?: SecretView
  readonly canRotate: boolean
  readonly rotationRequestedAt?: DateTime.Utc
  /** What an operator has to know, the most urgent first. */
  readonly warnings: ReadonlyArray<string>
}

const viewOf = (version: ApplicationSecret.Version, at: DateTime.Utc): SecretView => {
  const { addedAt, endIsAssumed, endsAt, label, number, source, tested } = version
  const daysLeft = endsAt === undefined ? undefined : Math.floor(ApplicationSecret.daysUntil(endsAt, at))
  return given({ number, label, source, addedAt, endsAt, endIsAssumed, daysLeft, tested })
}

/** Days before the end at which the status begins to warn. */
const warningDays = 30

const warningsOf = (application: Application, state: ApplicationSecret.State, at: DateTime.Utc) => {
  const { current, fellBack, pending } = state
  const left = current.endsAt === undefined ? undefined : ApplicationSecret.daysUntil(current.endsAt, at)
  const given = ApplicationSecret.find(state, application.given.secret)
  return [
    ...(left !== undefined && left <= warningDays ? [words.expiresSoon({ left })] : []),
    ...(fellBack === undefined ? [] : [words.lastFellBack({ number: fellBack.number })]),
    ...(pending === undefined
      ? []
      : [pending.tested?.outcome === "refused" ? words.pendingRefused : words.pendingWaits]),
    ...(given?.number === current.number ? [] : [words.settingsDiffer])
  ]
}

/** Shows an application in a state. */
export const show = (
  application: Application,
  state: ApplicationSecret.State,
  at: DateTime.Utc,
  isStored = true
): ApplicationView => {
  const { channels, clientId, name, requestRotation } = application
  return given({
    name,
    clientId,
    channels,
    isStored,
    current: viewOf(state.current, at),
    pending: state.pending && viewOf(state.pending, at),
    previous: state.previous && viewOf(state.previous, at),
    canRotate: requestRotation !== undefined,
    rotationRequestedAt: state.rotationRequestedAt,
    warnings: warningsOf(application, state, at)
  })
}

/** Every application with its secrets. */
export const status = Effect.fn("ApplicationSecrets.status")(function* (
  deps: Deps<"applications" | "vault">
): Effect.fn.Return<ReadonlyArray<ApplicationView>, VaultError | Refused.Refused> {
  const at = yield* DateTime.now
  return yield* Effect.forEach(deps.applications.all, (application) =>
    Effect.map(read(deps, application), ({ state, version }) => show(application, state, at, version !== undefined))
  )
})

/** An application whose secrets cannot be read now. */
export interface UnreadableApplication extends Pick<Application, "name" | "clientId" | "channels"> {
  /** Why, as a sentence; what to do follows it. */
  readonly because: string
}

/** An application as a page of all of them shows it. */
export type OverviewRow =
  | { readonly _tag: "Readable"; readonly view: ApplicationView }
  | { readonly _tag: "Unreadable"; readonly application: UnreadableApplication }

/** Every application; one whose secrets cannot be read keeps no other from being shown. */
export const overview = Effect.fn("ApplicationSecrets.overview")(function* (
  deps: Deps<"applications" | "vault">
): Effect.fn.Return<ReadonlyArray<OverviewRow>, VaultUnavailable> {
  const at = yield* DateTime.now
  return yield* Effect.forEach(deps.applications.all, (application) => {
    const { channels, clientId, name } = application
    const unreadable = ({ message: because }: { readonly message: string }) =>
      Effect.succeed<OverviewRow>({ _tag: "Unreadable", application: { name, clientId, channels, because } })
    return read(deps, application).pipe(
      Effect.map(({ state, version }): OverviewRow => ({
        _tag: "Readable",
        view: show(application, state, at, version !== undefined)
      })),
      Effect.catchTags({ Refused: unreadable, KeyUnavailable: unreadable, SecretCorrupted: unreadable })
    )
  })
})
