import { Id } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import type { TooManyAttempts } from "../../driven/Identity.ts"
import type { Deps } from "../shared/deps.ts"
import { recordIncident } from "../shared/recordIncident.ts"
import type { SignInDeps } from "./signInEmails.ts"

type RecordDeps = SignInDeps & Deps<"auditLog" | "repository">

/**
 * Signs in by e-mail and password. A limit that is hit is recorded with every organization that the person belongs to,
 * or with the installation when nobody has the address; after the answer, which says nothing about it.
 */
export const signIn = Effect.fn("SigningUp.signIn")(
  (deps: RecordDeps, email: string, password: Redacted.Redacted<string>, headers: Headers) =>
    Effect.tapErrorTag(deps.identity.signIn(email, password, headers), "TooManyAttempts", (error) =>
      Effect.forkIn(Effect.ignore(recordLimit(deps, error)), deps.scope)
    )
)

const recordLimit = Effect.fnUntraced(function* (deps: RecordDeps, { personId }: TooManyAttempts) {
  const members = personId === undefined ? [] : yield* deps.repository.memberships(personId)
  const detail = members[0] === undefined ? {} : { name: members[0].name }
  const organizations = members.length === 0 ? [Id.installation] : members.map((member) => member.organizationId)
  for (const organizationId of organizations) {
    yield* recordIncident(deps, organizationId, { kind: "sign-in-limited", subject: personId ?? "unknown", detail })
  }
})
