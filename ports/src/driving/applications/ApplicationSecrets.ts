/**
 * The secrets of the applications of this installation, for those who run it: which there are and when they end, a new
 * one beside the one that is used, its test, its promotion, and what a provider says of them.
 */
import type { Failure, Refused } from "@portolan/domain"
import { ApplicationSecret } from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import type { VaultUnavailable } from "../../driven/TokenVault.ts"
import { bound, deps, type Deps, type Service } from "../shared/deps.ts"
import * as Change from "./changeSecrets.ts"
import * as Receive from "./receiveNotice.ts"
import { type ApplicationView, overview, type OverviewRow, show, status } from "./secretStatus.ts"
import type { VaultError } from "./stored.ts"

export type { NewSecret } from "./changeSecrets.ts"
export type { ApplicationView, OverviewRow, SecretView, UnreadableApplication } from "./secretStatus.ts"
export type { VaultError } from "./stored.ts"

type SecretDeps = Deps<"applications" | "vault">

/** The view of an application after a change. */
const shown = <E>(deps: SecretDeps, name: string, changed: Effect.Effect<ApplicationSecret.State, E>) =>
  Effect.gen(function* () {
    const application = yield* Change.applicationOf(deps, name)
    return show(application, yield* changed, yield* DateTime.now)
  })

const verbs = {
  overview,
  status,
  set: (deps: SecretDeps, name: string, added: Change.NewSecret) => shown(deps, name, Change.set(deps, name, added)),
  promote: (deps: SecretDeps, name: string, insists: boolean) => shown(deps, name, Change.promote(deps, name, insists)),
  retire: (deps: SecretDeps, name: string, which: "previous" | "pending") =>
    shown(deps, name, Change.retire(deps, name, which)),
  rotate: (deps: SecretDeps, name: string) => shown(deps, name, Change.rotate(deps, name)),
  receive: (deps: SecretDeps, message: unknown) =>
    Effect.flatMap(Receive.receive(deps, message), ({ application, state }) =>
      Effect.map(DateTime.now, (at) => show(application, state, at))
    )
}

type Changed = Effect.Effect<ApplicationView, Refused.Refused | VaultError>

/** Changes the secrets of applications. An application is named by its name, a channel of it, or its client id. */
export interface Contract {
  /** Every application with its secrets: dates, trials and warnings, and never a secret. */
  readonly status: () => Effect.Effect<ReadonlyArray<ApplicationView>, Refused.Refused | VaultError>

  /** The same for a page: an application whose secrets cannot be read keeps no other from being shown. */
  readonly overview: () => Effect.Effect<ReadonlyArray<OverviewRow>, VaultUnavailable>

  /**
   * Stores a new secret beside the one that is used, and tries it. Refused while another new one waits that the
   * provider did not refuse.
   */
  readonly set: (name: string, added: Change.NewSecret) => Changed

  /**
   * Tries the new secret and uses it from now on, when the provider accepts it or `insists` is true. Other processes
   * use it within five seconds. The one before is kept while the provider accepts it.
   */
  readonly promote: (name: string, insists: boolean) => Changed

  /** Forgets the secret before, or the one that waits. */
  readonly retire: (name: string, which: "previous" | "pending") => Changed

  /** Asks the provider to make a new secret; its notice brings it. */
  readonly rotate: (
    name: string
  ) => Effect.Effect<
    ApplicationView,
    Refused.Refused | VaultError | Failure.Temporary | Failure.ApplicationRejected | Failure.RequestRefused
  >

  /**
   * Takes a message of a provider: a new secret is stored, tried, and used when it is accepted; an end is put on
   * record. The same message may come many times, and late.
   */
  readonly receive: (message: unknown) => Changed
}

/** Changes the secrets of applications. */
export class ApplicationSecrets extends Context.Service<ApplicationSecrets, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/ApplicationSecrets"
) {
  /** Over the vault and the applications of the settings. */
  static readonly layer = Layer.effect(ApplicationSecrets, bound(deps("applications", "vault"), verbs))
}
