import { Access, type ApiKey } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideNew } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../shared/idempotency.ts"
import { apiKeyPrefix, keyStartLength } from "./apiKeyToken.ts"
import { type KeyInput, type MadeKey, newKeyEnd, newKeyRole } from "./newApiKey.ts"
import { revalidateRights } from "./revalidateRights.ts"
import { validateScope } from "./validateScope.ts"

/** Makes a key and gives it, the only time that anybody can read it. Its role is never stronger than the caller's. */
export const create = Effect.fn("ApiKeys.create")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  input: KeyInput,
  idempotencyKey?: IdempotencyKey
) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  const { actor: createdBy, organizationId } = caller
  const { repository, secrets } = deps
  const role = yield* newKeyRole(caller, input)
  const accessScope = yield* validateScope(deps, organizationId, input.accessScope ?? Access.everything)
  const id = yield* secrets.id("apiKey")
  const secret = Redacted.make(`${apiKeyPrefix}${Redacted.value(yield* secrets.token)}`)
  const digest = yield* secrets.digest(secret)
  const make = decideAndCommit(deps, { ...caller, ...idempotencyRecord(idempotencyKey, id) }, ({ at: createdAt }) =>
    Effect.gen(function* () {
      const rights = yield* revalidateRights(deps, caller, "manage-people")
      const decided = yield* decideNew("apiKey", id, {
        _tag: "Create",
        key: {
          id,
          organizationId,
          name: input.name,
          start: Redacted.value(secret).slice(0, keyStartLength),
          digest,
          role,
          scopes: [...new Set(input.scopes)] as [Access.Action, ...Array<Access.Action>],
          accessScope,
          createdBy,
          createdAt,
          expiresAt: yield* newKeyEnd(deps, caller, input.life, createdAt)
        }
      })
      return { decided: [decided, ...rights], result: decided.next as ApiKey.Present }
    })
  )
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.map(make, (key): MadeKey => ({ key, secret })),
    show: (resource) => Effect.map(repository.find("apiKey", organizationId, resource), ({ state: key }) => ({ key }))
  })
})
