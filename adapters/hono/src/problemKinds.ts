/** The types of problems that the API answers with. Status codes of errors stand here and nowhere else. */
import { Messages } from "@portolan/domain"

/** The status by type of problem; the whole list is on the reference page. */
export const statuses = {
  "invalid-input": 400,
  "malformed-body": 400,
  "invalid-cursor": 400,
  "not-signed-in": 401,
  "wrong-credentials": 401,
  "email-unverified": 403,
  "not-permitted": 403,
  "no-organization": 403,
  "organization-closed": 403,
  "wrong-person": 403,
  "cross-site": 403,
  "wrong-browser": 403,
  "not-found": 404,
  "unknown-route": 404,
  "method-not-allowed": 405,
  "body-too-slow": 408,
  "not-possible-now": 409,
  "already-exists": 409,
  "does-not-exist": 409,
  "already-used": 409,
  expired: 409,
  revoked: 409,
  "needs-confirmation": 409,
  "profile-held": 409,
  "different-identity": 409,
  "too-many": 409,
  "changed-meanwhile": 409,
  "already-done": 409,
  "channel-unavailable": 409,
  "reauthorization-needed": 409,
  "permission-missing": 409,
  "body-too-large": 413,
  "content-type-not-supported": 415,
  "unknown-profile": 422,
  "unfit-profile": 422,
  "not-yours": 422,
  contradiction: 422,
  "key-reused": 422,
  "token-invalid": 422,
  "password-unacceptable": 422,
  "mail-refused": 422,
  "too-many-attempts": 429,
  "too-many-streams": 429,
  "rate-limited": 429,
  incident: 500,
  "application-rejected": 502,
  "provider-refused": 502,
  "provider-unavailable": 503,
  unavailable: 503,
  "not-ready": 503,
  "took-too-long": 504
} as const satisfies { readonly [kind: string]: number }

/** A type of problem. */
export type ProblemKind = keyof typeof statuses

/** The types of problems, in the order of their status. */
export const kinds = Object.keys(statuses) as ReadonlyArray<ProblemKind>

/** The title of a type of problem. */
export const titleOf = (kind: ProblemKind): string => Messages.text(`problem.${kind}`)

/** The type of a problem as a relative reference. */
export const typeOf = (kind: ProblemKind): string => `/problems/${kind}`
