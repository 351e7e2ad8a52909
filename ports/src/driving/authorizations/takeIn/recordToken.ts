/** Recording a token that somebody has from elsewhere: an authorization like every other one, without its redirect. */
import { type Access, type Authorization, type Connection, given, type Id } from "@portolan/domain"
import { Effect } from "effect"
import type { Versioned } from "../../../driven/Repository.ts"
import { VersionConflict } from "../../../driven/UnitOfWork.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import { type IdempotencyKey, withIdempotency } from "../../shared/idempotency.ts"
import { seal, whileUnavailable } from "../../tokens/storedTokens.ts"
import { advance, type Read } from "../advance.ts"
import type { Exchanging } from "../exchangeCode.ts"
import { recordConsent } from "../recordConsent.ts"
import type { RedirectDeps } from "../redirect.ts"
import { startAuthorization } from "../startAuthorization.ts"
import type { GivenToken, Preflight } from "./preflight.ts"

/** How often a token may be taken in anew after an earlier attempt with it came to nothing. */
const attempts = 100

const isOver = ({ _tag }: Authorization.Present): boolean =>
  _tag === "Dismissed" || _tag === "Failed" || _tag === "Expired" || _tag === "Declined"

/**
 * The key under which a token is taken in once, and the authorization that an earlier request made of it. The key holds
 * a digest: nobody can find the token by it, and the same token is known again (law REPO-23).
 */
export const earlierOf = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets" | "unitOfWork">,
  { organizationId }: Pick<Access.Caller, "organizationId">,
  { refreshToken }: GivenToken
) {
  const fingerprint = yield* deps.secrets.digest(refreshToken)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const key: IdempotencyKey = { key: `taken-in/${fingerprint}/${attempt}`, fingerprint }
    const id = yield* deps.unitOfWork.idempotentResource(organizationId, key.key, key.fingerprint)
    if (id === undefined) return { key, found: undefined }
    const found = yield* deps.repository.find("authorization", organizationId, id)
    const grant = "grantId" in found.state ? found.state.grantId : undefined
    if (isOver(found.state) || (found.state._tag === "Finalised" && (yield* isEnded(deps, organizationId, grant)))) {
      continue
    }
    return { key, found }
  }
  return yield* new VersionConflict({ kind: "authorization", id: "", expected: 0, found: attempts })
})

const isEnded = ({ repository }: Deps<"repository">, organizationId: Id.OrganizationId, id: string | undefined) =>
  id === undefined
    ? Effect.succeed(false)
    : repository.find("grant", organizationId, id).pipe(
        Effect.map(({ state }) => state._tag !== "Active"),
        // It is written with the consent, a moment after its id is known.
        Effect.catchTag("NotFound", () => Effect.succeed(false))
      )

/** What is recorded of a token, and for which connection. */
export interface Recording {
  readonly caller: Access.Caller
  readonly connection: Connection.Present
  readonly token: GivenToken
  readonly preflight: Preflight
  readonly key: IdempotencyKey
}

/**
 * Records a token as a consent that waits for a choice. Of two requests at once one records it; the other one fails
 * with `VersionConflict` and finds it there when it is sent again. From the first change to the vault nothing can be
 * interrupted.
 */
export const recordToken = Effect.fnUntraced(function* (
  deps: ChangeDeps & RedirectDeps & Deps<"vault">,
  { caller, connection, key, preflight, token: { expiresAt, grantor } }: Recording
) {
  const { answer, candidates, tokens } = preflight
  const read = yield* Effect.uninterruptible(
    Effect.gen(function* () {
      const returned = yield* begin(deps, { caller, connection, key })
      const { grantId, organizationId } = returned.state
      yield* whileUnavailable(deps.vault.put(organizationId, grantId, yield* seal(tokens))).pipe(
        // A grant's id is far shorter than a reference may be.
        Effect.catchTag("ReferenceUnacceptable", Effect.die)
      )
      return returned
    })
  )
  const consent = { ...tokens, ...given({ grantor, expiresAt }) }
  const recorded = yield* recordConsent(deps, read, { consent, candidates: { candidates }, answer, link: undefined })
  return recorded.authorization
})

/** Starts an authorization that comes back at once. */
const begin = Effect.fnUntraced(function* (
  deps: ChangeDeps & RedirectDeps,
  { caller, connection, key }: Pick<Recording, "caller" | "connection" | "key">
) {
  const { actor, organizationId } = caller
  const find = (id: string) => deps.repository.find("authorization", organizationId, id)
  const conflict = (id: string) => new VersionConflict({ kind: "authorization", id, expected: 0, found: 1 })
  const started: Versioned<Authorization.Present> = yield* withIdempotency(deps, caller, key, {
    create: startAuthorization(deps, connection, {
      origin: { _tag: "Direct", actor },
      actor,
      browser: undefined,
      idempotencyKey: key
    }).pipe(Effect.flatMap(({ authorizationId }) => find(authorizationId))),
    show: (id) => Effect.fail(conflict(id))
  })
  const grantId = yield* deps.secrets.id("grant")
  const { browserDigest, id } = started.state
  const returned = yield* advance(deps, started, (at) => ({ _tag: "Return", browserDigest, grantId, at }), [])
  return isExchanging(returned) ? returned : yield* conflict(id)
})

const isExchanging = (read: Read): read is Read<Exchanging> => read.state._tag === "Exchanging"
