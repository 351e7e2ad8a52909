import { ApiKey, type Id, type Organization } from "@portolan/domain"
import { DateTime, Effect, Redacted } from "effect"
import { NotSignedIn } from "../../driven/Identity.ts"
import type { Workplace } from "../../driven/ReadModels.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "../shared/deps.ts"
import { recordIncident } from "../shared/recordIncident.ts"
import { bearerToken } from "./apiKeyToken.ts"
import { effectiveAccess } from "./effectiveAccess.ts"
import { isOperator, type NamedCaller, NoOrganization, OrganizationClosing, type SignedIn } from "./signedIn.ts"

/** Says who calls, by an `Authorization: Bearer` key or else by the session cookie. A bad key is refused. */
export const whoIs = Effect.fn("Callers.whoIs")(function* (
  deps: Deps<"auditLog" | "deployment" | "identity" | "readModels" | "secrets">,
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
): Effect.Effect<Organization.Present, NotSignedIn | StoreError> =>
  repository.find("organization", id, id).pipe(
    Effect.map(({ state }) => state),
    Effect.catchTag("NotFound", () => Effect.fail(new NotSignedIn()))
  )

const byKey = Effect.fnUntraced(function* (deps: Deps<"auditLog" | "readModels" | "secrets">, token: string) {
  const digest = yield* deps.secrets.digest(Redacted.make(token))
  const { key, organization: kept } = yield* Effect.catchTag(deps.readModels.keyHolder(digest), "NotFound", () =>
    Effect.fail(new NotSignedIn())
  )
  if (!ApiKey.isLive(key, yield* DateTime.now)) {
    if (key._tag === "Revoked") {
      const { id, name, organizationId } = key
      const incident = { kind: "api-key-used-after-revocation", subject: id, detail: { name } } as const
      yield* recordIncident(deps, organizationId, incident)
    }
    return yield* new NotSignedIn()
  }
  const { accessScope, id: keyId, name, organizationId, role, scopes } = key
  // A host that keeps its organizations elsewhere has none here; it decides by itself who works.
  const organization = yield* Effect.catchTag(kept, "NotFound", () => Effect.succeed(undefined))
  if (organization !== undefined) yield* requireOpen(organization)
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

/** Fails when the organization is closed; when it is closed for good, as if its key had never existed. */
const requireOpen = (organization: Organization.Present) => {
  switch (organization._tag) {
    case "Open":
      return Effect.void
    case "Closing": {
      const { closing, id: organizationId, name } = organization
      return Effect.fail(new OrganizationClosing({ organizationId, name, until: closing.dueAt }))
    }
    case "Closed":
      return Effect.fail(new NotSignedIn())
  }
}

/**
 * The membership that a session works with: the one that was selected, else the first whose organization is open. One
 * that was selected is not replaced because its organization is closed, so that its person is told.
 */
const workingAs = Effect.fnUntraced(function* (
  workplaces: ReadonlyArray<Workplace>,
  selectedId: Id.OrganizationId | undefined
) {
  const isSelected = ({ member: { organizationId } }: Workplace) => organizationId === selectedId
  const inOrder = [...workplaces.filter(isSelected), ...workplaces.filter((one) => !isSelected(one))]
  let closing: Organization.Closing | undefined
  for (const one of inOrder) {
    const organization = yield* Effect.catchTag(one.organization, "NotFound", () => Effect.fail(new NotSignedIn()))
    if (organization._tag === "Open") return { member: one.member, organization }
    if (organization._tag === "Closed") continue
    closing ??= organization
    if (isSelected(one)) break
  }
  if (closing !== undefined) yield* requireOpen(closing)
  return undefined
})

const bySession = Effect.fnUntraced(function* (deps: Deps<"deployment" | "identity" | "readModels">, headers: Headers) {
  const session = yield* deps.identity.whoIs(headers)
  const { email, name, personId } = session
  const working = yield* workingAs(yield* deps.readModels.workplaces(personId), session.organizationId)
  if (working === undefined) return yield* new NoOrganization({ name })
  const { member, organization } = working
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
