import { type Access, type Company, type Consolidation, given, type Id } from "@portolan/domain"
import { Effect } from "effect"
import { NotFound } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../shared/idempotency.ts"
import {
  changeConsolidation,
  type Commands,
  type ConsolidationDeps,
  writeConsolidation
} from "./changeConsolidation.ts"
import type { CorrectCredential, CredentialInput, ProviderAccountInput, Statement } from "./consolidationInput.ts"
import { readCompany, viewConsolidation } from "./consolidationView.ts"
import { completeAccount, requireOwnAccount } from "./providerAccounts.ts"

/** Shows a company's consolidation with its plan; an empty one when nobody has begun. */
export const view = Effect.fn("Consolidations.view")(function* (
  deps: Deps<"deployment" | "repository" | "secrets">,
  caller: Access.Caller,
  companyId: Id.CompanyId
) {
  return yield* viewConsolidation(deps, caller, yield* readCompany(deps, caller, "read", companyId))
})

/** What gets an id of ours, which a repeated request must not get twice. */
interface Addition<E> {
  readonly company: Company.Present
  readonly id: string
  readonly idempotencyKey: IdempotencyKey | undefined
  readonly commands: Commands<E>
}

const addTo = <E>(
  deps: ConsolidationDeps,
  caller: Access.Caller,
  { commands, company, id, idempotencyKey }: Addition<E>
) => {
  const context = { ...caller, ...idempotencyRecord(idempotencyKey, id) }
  const show = viewConsolidation(deps, caller, company)
  return withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.andThen(writeConsolidation(deps, context, company, commands), show),
    show: () => show
  })
}

/** Adds a login. */
export const addCredential = Effect.fn("Consolidations.addCredential")(function* (
  deps: ConsolidationDeps,
  caller: Access.Caller,
  { companyId, credential }: CredentialInput,
  idempotencyKey?: IdempotencyKey
) {
  const company = yield* readCompany(deps, caller, "connect", companyId)
  const id = yield* deps.secrets.id("credential")
  const added: Consolidation.Command = { _tag: "AddCredential", credential: { ...credential, id } }
  return yield* addTo(deps, caller, { company, id, idempotencyKey, commands: () => Effect.succeed([added]) })
})

/** Adds an account of the provider; one that is linked to an account here takes name, type and countries from it. */
export const addAccount = Effect.fn("Consolidations.addAccount")(function* (
  deps: ConsolidationDeps,
  caller: Access.Caller,
  { account, companyId }: ProviderAccountInput,
  idempotencyKey?: IdempotencyKey
) {
  const company = yield* readCompany(deps, caller, "connect", companyId)
  const id = yield* deps.secrets.id("account")
  const commands = (state: Consolidation.Open) =>
    Effect.map(completeAccount(deps, state, account, id), (complete): ReadonlyArray<Consolidation.Command> => [
      { _tag: "AddProviderAccount", account: complete }
    ])
  return yield* addTo(deps, caller, { company, id, idempotencyKey, commands })
})

/** Records what somebody says: who administers, who was granted what, which login is the main one. */
export const record = Effect.fn("Consolidations.record")(
  (deps: ConsolidationDeps, caller: Access.Caller, companyId: Id.CompanyId, statement: Statement) =>
    changeConsolidation(deps, caller, companyId, (state, at) =>
      Effect.gen(function* () {
        if (statement._tag === "CorrectCredential") return [yield* corrected(state, statement)]
        if (statement._tag === "LinkProviderAccount") {
          yield* requireOwnAccount(deps, state, statement.linkedAccountId)
        }
        return [{ ...statement, at }]
      })
    )
)

const corrected = (
  { credentials }: Consolidation.Open,
  { credential }: CorrectCredential
): Effect.Effect<Consolidation.Command, NotFound> => {
  const known = credentials.find(({ id }) => id === credential.id)
  if (known === undefined) return Effect.fail(new NotFound({ kind: "login", id: credential.id }))
  const { provider, providerUserId } = known
  const kept = given({ providerUserId })
  return Effect.succeed({ _tag: "CorrectCredential", credential: { ...kept, ...credential, provider } })
}
