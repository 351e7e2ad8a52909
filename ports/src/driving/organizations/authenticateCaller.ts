import { ApiKey, type Id, type Organization } from "@portolan/domain"
import { DateTime, Effect, Redacted } from "effect"
import { NotSignedIn } from "../../driven/Identity.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "../shared/deps.ts"
import { bearerToken } from "./apiKeyToken.ts"
import { effectiveAccess } from "./effectiveAccess.ts"
import { isOperator, type NamedCaller, NoOrganization, type SignedIn } from "./signedIn.ts"

/** Says who calls, by an `Authorization: Bearer` key or else by the session cookie. A bad key is refused. */
export const whoIs = Effect.fn("Callers.whoIs")(function* (
  deps: Deps<"deployment" | "identity" | "repository" | "secrets">,
  headers: Headers
) {
  const authorization = headers.get("authorization")
  if (authorization === null) return yield* bySession(deps, headers)
  const token = bearerToken(authorization)
  return token === undefined ? yield* new NotSignedIn() : yield* byKey(deps, token)
})

/** Adds the name of the organization; reads it for a key only. */
export const withOrganizationName = Effect.fn("Callers.withOrganizationName")(function* (
  deps: Deps<"repository">,
  caller: SignedIn
): Effect.fn.Return<NamedCaller, NotSignedIn | StoreError> {
  const { organizationId, organizationName } = caller
  return { ...caller, organizationName: organizationName ?? (yield* organizationOf(deps, organizationId)).name }
})

const organizationOf = (
  { repository }: Deps<"repository">,
  id: Id.OrganizationId
): Effect.Effect<Organization.Open, NotSignedIn | StoreError> =>
  repository.find("organization", id, id).pipe(
    Effect.map(({ state }) => state),
    Effect.catchTag("NotFound", () => Effect.fail(new NotSignedIn()))
  )

const byKey = Effect.fnUntraced(function* (deps: Deps<"repository" | "secrets">, token: string) {
  const digest = yield* deps.secrets.digest(Redacted.make(token))
  const { state: key } = yield* Effect.catchTag(deps.repository.apiKeyByDigest(digest), "NotFound", () =>
    Effect.fail(new NotSignedIn())
  )
  if (!ApiKey.isLive(key, yield* DateTime.now)) return yield* new NotSignedIn()
  const { accessScope, id: keyId, name, organizationId, role, scopes } = key
  return {
    organizationId,
    role,
    accessScope,
    scopes,
    name,
    email: "",
    operator: false,
    actor: { _tag: "ApiKey", keyId, name }
  } satisfies SignedIn
})

const bySession = Effect.fnUntraced(function* (deps: Deps<"deployment" | "identity" | "repository">, headers: Headers) {
  const session = yield* deps.identity.whoIs(headers)
  const { email, name, personId } = session
  const memberships = yield* deps.repository.memberships(personId)
  const member = memberships.find(({ organizationId }) => organizationId === session.organizationId) ?? memberships[0]
  if (member === undefined) return yield* new NoOrganization({ name })
  const organization = yield* organizationOf(deps, member.organizationId)
  return {
    organizationId: organization.id,
    organizationName: organization.name,
    ...effectiveAccess(organization, member),
    name,
    email,
    operator: isOperator(deps.deployment, session),
    actor: { _tag: "Person", personId, name }
  } satisfies SignedIn
})
