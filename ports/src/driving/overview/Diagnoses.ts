/**
 * Why an account is missing or limited (flow F4, step 3; rules S-R5, C9, P-R2, P-R3): six checks in their order,
 * answered by the provider where it says something and by people where it does not.
 */
import type { Access, Id, Refused } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { CallError } from "../../driven/ProviderApi.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, type Service } from "../shared/deps.ts"
import { type TokenError, tokenDeps } from "../tokens/AccessTokens.ts"
import * as DiagnoseConnection from "./diagnoseConnection.ts"
import type { DiagnosisView } from "./diagnosisView.ts"

export type { Answer } from "./diagnoseConnection.ts"
export type { DiagnosisView } from "./diagnosisView.ts"

/** Diagnoses connections. */
export interface Contract {
  /** The checklist of a connection, from what is known now. Asks nobody and changes nothing. */
  readonly view: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<DiagnosisView, Refused.Refused | NotFound | StoreError>

  /**
   * Asks the provider now. What has healed is put to use at once: profiles that appeared can be chosen, a right that is
   * back lifts the limit. A consent that the provider refuses is lost, and another one takes over where there is one
   * (rule S-R7).
   */
  readonly observe: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<DiagnosisView, Refused.Refused | NotFound | WriteError | TokenError | CallError>

  /** Records a person's answer to a check about which the provider says nothing. Facts that come later count more. */
  readonly answer: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    answer: DiagnoseConnection.Answer
  ) => Effect.Effect<DiagnosisView, Refused.Refused | NotFound | WriteError>
}

/** Diagnoses connections. */
export class Diagnoses extends Context.Service<Diagnoses, Service<Contract, typeof DiagnoseConnection>>()(
  "@portolan/ports/driving/Diagnoses"
) {
  /** The service over the driven ports and the access tokens. */
  static readonly layer = Layer.effect(
    Diagnoses,
    bound(tokenDeps("deployment", "provider", "repository", "secrets", "unitOfWork"), { ...DiagnoseConnection })
  )
}
