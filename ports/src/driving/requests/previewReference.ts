/**
 * References of previews. The token of a link follows from its id, and the preview shows the link. A caller who could
 * choose an id could therefore see the link of somebody else's request. So ids are never taken from a caller: a preview
 * gives a reference, made of ids and a seal over them, the organization and the emails that were shown; only such a
 * reference is accepted. A seal that does not fit also means that the email would read differently now, and then
 * nothing is sent.
 */
import { type EmailMessage, Id, Messages, Refusal, type Refused } from "@portolan/domain"
import { DateTime, Duration, Effect, Redacted, Schema } from "effect"
import type { Deps } from "../shared/deps.ts"

/** How long a preview can be sent. */
export const previewLife = Duration.hours(1)

/** What a preview showed, to whom. */
export interface Previewed {
  readonly organizationId: Id.OrganizationId
  readonly ids: ReadonlyArray<Id.InvitationId>
  readonly emails: ReadonlyArray<EmailMessage.EmailMessage>
}

const refused = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Invitation", "Issue", reason, { detail, nextStep })

/** New ids for a preview, or for what is sent without one. */
export const newRequestIds = ({ secrets }: Deps<"secrets">, count: number) =>
  Effect.all(Array.from({ length: count }, () => secrets.id("invitation")))

/** The reference of a preview: its ids, and the seal over everything. */
export const referenceOf = Effect.fnUntraced(function* (
  { secrets }: Deps<"secrets">,
  { emails, ids, organizationId }: Previewed
) {
  const text = JSON.stringify(emails.map((email) => [email.subject, email.text, email.html]))
  const digest = yield* secrets.digest(Redacted.make(text))
  const seal = yield* secrets.derive("preview", [organizationId, ...ids, digest].join("/"))
  return [...ids, Redacted.value(seal)].join(".")
})

const isId = Schema.is(Id.InvitationId)

/** The ids of a reference to so many requests, before its seal is checked. Refuses what is no reference. */
export const idsOfReference = Effect.fnUntraced(function* (reference: string, count: number) {
  const ids = reference.slice(0, 8_000).split(".").slice(0, -1)
  if (ids.length === count && ids.every(isId)) return ids
  return yield* refused("contradiction", Messages.say("request.foreign-preview"), Messages.say("request.new-preview"))
})

/** Succeeds when exactly these emails were shown to this organization, within the last hour. */
export const checkReference = Effect.fnUntraced(function* (
  deps: Deps<"secrets">,
  reference: string,
  previewed: Previewed
) {
  if (reference !== (yield* referenceOf(deps, previewed))) {
    return yield* refused(
      "contradiction",
      Messages.say("request.preview-differs"),
      Messages.say("request.preview-again")
    )
  }
  const shownAt = DateTime.makeUnsafe(Math.max(...previewed.ids.map(Id.millis)))
  if (DateTime.isGreaterThan(yield* DateTime.now, DateTime.addDuration(shownAt, previewLife))) {
    return yield* refused("expired", Messages.say("request.preview-old"), Messages.say("request.preview-again"))
  }
})
