/** The types of problems that the API answers with. Status codes of errors stand here and nowhere else. */

/** Status and title by type of problem; the whole list is on the reference page. */
export const kinds = {
  "invalid-input": [400, "The input is not valid"],
  "malformed-body": [400, "The body is not readable JSON"],
  "invalid-cursor": [400, "The cursor does not belong to this list"],
  "not-signed-in": [401, "Not signed in"],
  "wrong-credentials": [401, "E-mail or password is wrong"],
  "email-unverified": [403, "The address is not proven yet"],
  "not-permitted": [403, "Your role does not allow this"],
  "no-organization": [403, "Not a member of any organization yet"],
  "wrong-person": [403, "Somebody else was meant"],
  "cross-site": [403, "The request came from another site"],
  "wrong-browser": [403, "Another browser started this"],
  "not-found": [404, "Not found"],
  "unknown-route": [404, "There is no such address"],
  "method-not-allowed": [405, "This address does not know the method"],
  "not-possible-now": [409, "Not possible at the moment"],
  "already-exists": [409, "It exists already"],
  "does-not-exist": [409, "It does not exist yet"],
  "already-used": [409, "It was used before"],
  expired: [409, "Its time is over"],
  revoked: [409, "It was withdrawn"],
  "needs-confirmation": [409, "It wants to be confirmed"],
  "profile-held": [409, "The profile is connected to another account"],
  "different-identity": [409, "Another seller or profile than before"],
  "too-many": [409, "A limit was reached"],
  "changed-meanwhile": [409, "Somebody else was faster"],
  "already-done": [409, "This was done before"],
  "channel-unavailable": [409, "The channel is not available here"],
  "reauthorization-needed": [409, "The consent is gone"],
  "permission-missing": [409, "A permission is missing at the provider"],
  "body-too-large": [413, "The body is too large"],
  "content-type-not-supported": [415, "The content type is not supported"],
  "unknown-profile": [422, "The profile is not among the choices"],
  "unfit-profile": [422, "The profile does not fit the account"],
  "not-yours": [422, "It belongs to something else"],
  contradiction: [422, "The request contradicts itself"],
  "key-reused": [422, "The idempotency key belongs to another request"],
  "token-invalid": [422, "The mailed link is not valid any more"],
  "password-unacceptable": [422, "The password is too short or too long"],
  "mail-refused": [422, "The address takes no mail"],
  "too-many-attempts": [429, "Too many attempts"],
  "too-many-streams": [429, "Too many open streams"],
  incident: [500, "Something broke inside"],
  "application-rejected": [502, "The provider rejected this software"],
  "provider-refused": [502, "The provider refused the call"],
  "provider-unavailable": [503, "The provider does not answer usefully"],
  unavailable: [503, "Not available at the moment"],
  "not-ready": [503, "Not ready"],
  "took-too-long": [504, "It took too long"]
} as const satisfies { readonly [kind: string]: readonly [status: number, title: string] }

/** A type of problem. */
export type ProblemKind = keyof typeof kinds

/** The type of a problem as a relative reference. */
export const typeOf = (kind: ProblemKind): string => `/problems/${kind}`
