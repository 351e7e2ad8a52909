/**
 * Advertisers that let us in (flow F3, steps 3 and 4; rules W-R3 to W-R10): which ones an account can be linked to,
 * linking one, and saying which one to expect. Unlinking is `Connections.disconnect`, deliberate and on record.
 */
import type { Access, Connection, Id, Refused, Text } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError, ProfileTaken } from "../../driven/UnitOfWork.ts"
import type { ProfileHeld } from "../authorizations/profiles/ProfileHeld.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { Available } from "./available.ts"
import * as AvailableAdvertisers from "./availableAdvertisers.ts"
import * as ExpectAdvertiser from "./expectAdvertiser.ts"
import * as LinkAdvertiser from "./linkAdvertiser.ts"

export type { Available } from "./available.ts"
export type { LinkInput } from "./linkAdvertiser.ts"

/** Lists, links and expects advertisers. */
export interface Contract {
  /**
   * The advertisers assigned to this organization that a connection could be linked to. An account that the caller may
   * not see is not named as a holder; that the advertiser is taken is said.
   */
  readonly available: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<ReadonlyArray<Available>, Refused.Refused | NotFound | StoreError>

  /** Links an advertiser to an account; it can be linked to one account only (rule W-R9). */
  readonly link: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    input: LinkAdvertiser.LinkInput
  ) => Effect.Effect<Connection.Present, Refused.Refused | NotFound | ProfileHeld | Exclude<WriteError, ProfileTaken>>

  /**
   * Says that an advertiser has added us, or is about to: operators see it, and people are notified when it has not
   * appeared within a day (rules W-R3, W-R10).
   */
  readonly expect: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    advertiser: Text.Name
  ) => Effect.Effect<Connection.Present, Refused.Refused | NotFound | WriteError>

  /** Stops expecting one. */
  readonly stopExpecting: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<Connection.Present, Refused.Refused | NotFound | WriteError>
}

const verbs = { ...AvailableAdvertisers, ...LinkAdvertiser, ...ExpectAdvertiser }

/** Lists, links and expects advertisers. */
export class Advertisers extends Context.Service<Advertisers, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Advertisers"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(Advertisers, bound(deps("repository", "secrets", "unitOfWork"), verbs))
}
