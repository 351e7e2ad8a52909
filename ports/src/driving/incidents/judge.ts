/** Which kind of incident a failure may belong to, and how a failure is held back while an incident is open. */
import { Catalogue, Channel, Failure, Incident, Messages } from "@portolan/domain"
import type { Watched } from "./CallRecord.ts"
import type { Subject } from "./CallSubject.ts"

/**
 * The kind that a failure may belong to. None for a rate limit, and for a token that may simply be old. Where access
 * rests on our partnership there is no token but our own signature, so a refused token is our application. An
 * application without the role to ask who a consent is of is refused every time: that is an answer, and no trouble.
 */
export const kindOf = (
  failure: unknown,
  { call, channel }: Pick<Watched, "call" | "channel">,
  subject: Subject | undefined,
  catalogue: Catalogue.Catalogue
): Incident.Kind | undefined => {
  if (failure instanceof Failure.ApplicationRejected) return "application-rejected"
  if (failure instanceof Failure.GrantRefused) return "mass-withdrawal"
  if (failure instanceof Failure.PermissionMissing) return call === "prove" ? undefined : "refused-for-many"
  if (failure instanceof Failure.Temporary) return failure.throttled ? undefined : "outage"
  if (!(failure instanceof Failure.AccessTokenRefused)) return undefined
  if (Channel.accessBy(channel, catalogue) === "partner") return "application-rejected"
  return subject?.isFresh === true ? "fresh-token-refused" : undefined
}

/**
 * Grants that one process must see refused before it reports; a single one is a customer's own. A token that was made a
 * moment ago is not refused for anything that a customer did.
 */
export const suspicious = (kind: Incident.Kind): number => (kind === "fresh-token-refused" ? 1 : 2)

/** Whether a failure says nothing about the provider's answer to others. */
export const saysNothing = (failure: unknown): boolean =>
  failure instanceof Failure.AccessTokenRefused || (failure instanceof Failure.Temporary && failure.throttled)

/** The provider's words in a failure, free of secrets. */
export const wordsOf = (failure: unknown): string =>
  typeof failure === "object" && failure !== null && "detail" in failure && typeof failure.detail === "string"
    ? failure.detail
    : ""

/**
 * What a call gives instead of a failure that belongs to an open incident: trouble that passes and blames nobody. A
 * rejected application stays what it is, with the time to wait.
 */
export const heldBack = (failure: unknown, incident: Incident.Open, ageSeconds: number) => {
  const retryAfterSeconds = Incident.waitSeconds(ageSeconds)
  const detail = wordsOf(failure)
  return failure instanceof Failure.ApplicationRejected
    ? new Failure.ApplicationRejected({ detail, retryAfterSeconds })
    : new Failure.Temporary({
        detail: Messages.text("incident.held-back", { what: Incident.label(incident.kind), detail }),
        throttled: false,
        retryAfterSeconds,
        isShared: true
      })
}

/** A refused permission that is looked at once more before it counts. */
export const toConfirm = ({ detail, missing }: Failure.PermissionMissing) =>
  new Failure.PermissionMissing({ detail, missing, isFirst: true })
