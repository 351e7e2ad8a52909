/**
 * The conversation about why an account is missing or limited (flow F4, step 3; rules S-R5, C9, P-R2, P-R3): six checks in
 * their order, answered by the provider where it tells and by people where it does not.
 */
import {
  type Access,
  type Account,
  Channel,
  Check,
  type Connection,
  Diagnosis,
  type Id,
  Requirements,
  type Refused
} from "@portolan/domain"
import { Context, type DateTime, Effect, Layer, Option } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { CallError } from "../../driven/ProviderApi.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import type { TokenError } from "../tokens/AccessTokens.ts"
import { makeInspecting, type Subject } from "./inspecting.ts"
import { makeRecords } from "../work/job.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** A connection's checklist as it stands. */
export interface DiagnosisView {
  readonly connection: Connection.Present
  readonly account: Account.Present
  /** The six checks. Absent for a channel without them, whose connections are explained by `requirements` alone. */
  readonly diagnosis?: Diagnosis.Diagnosis
  /** What had to be so before consent, answered as far as it is known (rules P-R2, P-R3, P-R10, W-R1, W-R2). */
  readonly requirements: ReadonlyArray<Requirements.Met>
  /** When the provider was last looked at; absent when it never was. */
  readonly checkedAt?: DateTime.Utc
  /** When it is looked at again without anybody asking; absent when it is not. */
  readonly lookAgainAt?: DateTime.Utc
}

/** Diagnoses connections. */
export class Diagnoses extends Context.Service<
  Diagnoses,
  {
    /** The checklist of a connection, from what is known now. Asks nobody and changes nothing. */
    readonly view: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<DiagnosisView, Refused.Refused | NotFound | StoreUnavailable>

    /**
     * Looks at the provider now. What has healed is put to use at once: profiles that appeared can be chosen, a right that is
     * back lifts the limit. A consent that the provider refuses is lost, and another one takes over where there is one (S-R7).
     */
    readonly observe: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<DiagnosisView, Refused.Refused | NotFound | CommitError | TokenError | CallError>

    /** Records a person's answer to a check that no provider tells. Facts that come later beat it. */
    readonly answer: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId,
      check: Check.CheckId,
      holds: boolean
    ) => Effect.Effect<DiagnosisView, Refused.Refused | NotFound | CommitError>
  }
>()("@portolan/ports/driving/Diagnoses") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Diagnoses,
    Effect.gen(function* () {
      const accessScope = yield* makeAccessScope
      const catalogue = yield* CurrentCatalogue
      const inspecting = yield* makeInspecting
      const { loseGrant } = yield* makeRecords

      const partnerFacts = (connection: Connection.Present): Check.Facts =>
        "link" in connection
          ? { profileVisible: connection._tag !== "ReauthorizationNeeded", permission: connection.link.permission }
          : connection._tag === "AwaitingAccess"
            ? { profileVisible: connection.expected.arrived !== undefined }
            : {}

      const show = (subject: Subject): DiagnosisView => {
        const { account, connection } = subject
        const stored = subject.diagnosis?.state
        const partner = Channel.accessBy(connection.channel, catalogue) === "partner"
        // Settings are known now; what the provider told is as old as the last look.
        const facts = {
          ...stored?.facts,
          ...(partner ? partnerFacts(connection) : {}),
          ...withoutConsentOf(stored, inspecting.known(subject))
        }
        const answers = stored?.answers ?? {}
        const next =
          stored === undefined || !inspecting.isWatched(subject) ? Option.none() : Diagnosis.lookAgainAt(stored)
        return {
          connection,
          account,
          requirements: Requirements.evaluate(
            Requirements.of(connection.channel, account.accountType, catalogue),
            facts,
            answers
          ),
          ...(Channel.hasChecklist(connection.channel, catalogue)
            ? {
                diagnosis: Diagnosis.evaluate(
                  facts,
                  answers,
                  Check.assumed,
                  Diagnosis.checksOf(connection.channel, catalogue)
                )
              }
            : {}),
          ...(stored?.checkedAt === undefined ? {} : { checkedAt: stored.checkedAt }),
          ...(Option.isNone(next) ? {} : { lookAgainAt: next.value })
        }
      }

      const view = Effect.fnUntraced(function* (caller: Access.Caller, connectionId: Id.ConnectionId) {
        const { state } = yield* accessScope.connection(caller, "read", connectionId)
        return show(yield* inspecting.subjectOf(state))
      })

      return Diagnoses.of({
        view: Effect.fn("Diagnoses.view")(view),

        observe: Effect.fn("Diagnoses.observe")(function* (caller, connectionId) {
          const { state } = yield* accessScope.connection(caller, "connect", connectionId)
          const { look } = yield* inspecting.observe(caller.actor, yield* inspecting.subjectOf(state))
          // A look that proves the consent dead counts as the daily proof does: another login takes over, or people are asked.
          if (look.refused !== undefined) yield* loseGrant(caller, look.refused)
          return yield* view(caller, connectionId)
        }),

        answer: Effect.fn("Diagnoses.answer")(function* (caller, connectionId, check, holds) {
          yield* accessScope.connection(caller, "connect", connectionId)
          yield* inspecting.record(caller.organizationId, caller.actor, connectionId, (at) => ({
            _tag: "Answer",
            check,
            holds,
            by: caller.actor,
            at
          }))
          return yield* view(caller, connectionId)
        })
      })
    })
  )
}

/** A consent that the provider refused is told by the last look; that there is one in the store does not contradict it. */
const withoutConsentOf = (stored: Diagnosis.Open | undefined, known: Check.Facts): Check.Facts => {
  const { advertisingConsent, ...rest } = known
  if (advertisingConsent === undefined) return rest
  return stored?.facts.advertisingConsent === false && advertisingConsent ? rest : known
}
