/** Requests to connect and renewal campaigns on the wire (flow F5). */
import { Channel, Evidence as Outcome, Id, Invitation, Marketplace, Text } from "@portolan/domain"
import { Requests } from "@portolan/ports"
import { type DateTime, Schema } from "effect"
import * as Evidence from "./Evidence.ts"
import { By, by, Instant, instant, list, NameInput } from "./Text.ts"

const Person = Schema.Struct({ name: Schema.String, email: Schema.String }).annotate({
  identifier: "Correspondent",
  description: "Somebody with an e-mail address."
})

/** A person as callers name them. */
export const PersonInput = Schema.Struct({
  name: NameInput,
  email: Text.EmailInput.pipe(
    Schema.annotateEncoded({ description: "One e-mail address; surrounding space and upper case do not matter." })
  )
})

const Message = Schema.String.check(Schema.isMaxLength(Requests.messageLimit)).annotate({
  description: `The requester's own words, up to ${Requests.messageLimit} characters. They are quoted in the mail.`
})
const Reference = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(4_000)).annotate({
  description: "`reference` of a preview. Exactly that mail is sent, once."
})
const requester = Schema.optionalKey(PersonInput)

/** A request. */
export const Answer = Schema.Struct({
  id: Id.InvitationId,
  connectionId: Id.ConnectionId,
  companyId: Id.CompanyId,
  companyName: Schema.String,
  accountId: Id.AccountId,
  accountName: Schema.String,
  channel: Channel.Channel,
  marketplaceId: Schema.String,
  owner: Person,
  requester: Person,
  message: Schema.optionalKey(Schema.String),
  state: Schema.Literals(["open", "used", "revoked", "expired"]),
  outcome: Evidence.Outcome,
  issuedBy: By,
  issuedAt: Instant,
  expiresAt: Instant,
  mails: Schema.optionalKey(
    Schema.Int.annotate({ description: `How often the owner was mailed; at most ${Invitation.mailLimit} times.` })
  ),
  objection: Schema.optionalKey(Invitation.Objection),
  bounce: Schema.optionalKey(
    Schema.Struct({ to: Schema.Literals(["owner", "requester"]), reason: Schema.String, at: Instant })
  ),
  authorizationId: Schema.optionalKey(Id.AuthorizationId),
  endedAt: Schema.optionalKey(Instant)
}).annotate({ identifier: "Request", description: "A request to connect that was mailed to the owner of an account." })

/** What a request is made of. */
export const Draft = Schema.Struct({
  connectionId: Id.ConnectionId,
  owner: PersonInput,
  marketplaceId: Marketplace.MarketplaceId.annotate({
    description: "The connection's own marketplace, repeated so that a wrong choice is noticed."
  }),
  message: Schema.optionalKey(Message),
  requester
})

/** What sending a request takes. A key gives the requester; a person is the requester. */
export const New = Schema.Struct({ ...Draft.fields, reference: Schema.optionalKey(Reference) })

const EmailMessage = Schema.Struct({ subject: Schema.String, text: Schema.String, html: Schema.String }).annotate({
  identifier: "EmailMessage",
  description: "A mail as it is sent, in text and in HTML that say the same."
})

/** What would be sent. */
export const Preview = Schema.Struct({
  reference: Schema.String,
  id: Id.InvitationId,
  expiresAt: Instant,
  owner: Person,
  requester: Person,
  emailMessage: EmailMessage
}).annotate({ identifier: "RequestPreview", description: "The mail that owner and requester will get." })

/** What a campaign is made of. */
export const CampaignDraft = Schema.Struct({
  items: Schema.Array(Schema.Struct({ connectionId: Id.ConnectionId, owner: PersonInput })).check(
    Schema.isMinLength(1),
    Schema.isMaxLength(Requests.campaignLimit)
  ),
  message: Schema.optionalKey(Message),
  requester
})

/** What sending a campaign takes. */
export const NewCampaign = Schema.Struct({ ...CampaignDraft.fields, reference: Schema.optionalKey(Reference) })

/** What a campaign would send: one mail an owner. */
export const CampaignPreview = Schema.Struct({
  reference: Schema.String,
  requester: Person,
  mails: Schema.Array(
    Schema.Struct({ owner: Person, connectionIds: Schema.Array(Id.ConnectionId), emailMessage: EmailMessage })
  )
}).annotate({ identifier: "CampaignPreview", description: "The mails of a renewal campaign, one an owner." })

/** The requests of a campaign. */
export const Campaign = list(Answer)

/** A connection whose consent ends, and whom to ask. */
export const Renewable = Schema.Struct({
  connectionId: Id.ConnectionId,
  companyName: Schema.String,
  accountName: Schema.String,
  channel: Channel.Channel,
  marketplaceId: Schema.String,
  consentExpiresAt: Instant,
  owner: Schema.optionalKey(Person),
  openRequestId: Schema.optionalKey(Id.InvitationId)
}).annotate({
  identifier: "Renewable",
  description: "A connection whose consent expires, and the person who was asked last."
})

const more = (link: Requests.RequestLink) => {
  switch (link._tag) {
    case "Open": {
      const bounce = Invitation.bounceTo(link, "owner") ?? link.bounce
      return {
        state: "open",
        mails: link.mails,
        ...(link.objection === undefined ? {} : { objection: link.objection.because }),
        ...(bounce === undefined ? {} : { bounce: { ...bounce, at: instant(bounce.at) } })
      } as const
    }
    case "Used":
      return { state: "used", authorizationId: link.authorizationId, endedAt: instant(link.usedAt) } as const
    case "Revoked":
      return { state: "revoked", endedAt: instant(link.revokedAt) } as const
    case "Expired":
      return { state: "expired", endedAt: instant(link.expiredAt) } as const
  }
}

/** Writes a request as it stands at an instant. */
export const of = (
  { accountName, companyName, link }: Requests.RequestView,
  now: DateTime.Utc
): typeof Answer.Type => ({
  id: link.id,
  connectionId: link.connectionId,
  companyId: link.companyId,
  companyName,
  accountId: link.accountId,
  accountName,
  channel: link.channel,
  marketplaceId: link.request.marketplaceId,
  owner: link.request.owner,
  requester: link.request.requester,
  ...(link.request.message === undefined ? {} : { message: link.request.message }),
  outcome: Evidence.outcome(Outcome.ofInvitation(link, now)),
  issuedBy: by(link.issuedBy),
  issuedAt: instant(link.issuedAt),
  expiresAt: instant(link.expiresAt),
  ...more(link)
})

/** Writes a preview. */
export const preview = ({ expiresAt, id, emailMessage, reference, to }: Requests.Preview): typeof Preview.Type => ({
  reference,
  id,
  expiresAt: instant(expiresAt),
  ...to,
  emailMessage
})

/** Writes a campaign's preview. */
export const campaignPreview = ({
  mails,
  reference,
  requester: asks
}: Requests.CampaignPreview): typeof CampaignPreview.Type => ({
  reference,
  requester: asks,
  mails: mails.map(({ connectionIds, emailMessage, to }) => ({ owner: to, connectionIds, emailMessage }))
})

/** Writes a connection that can be renewed. */
export const renewable = ({
  accountName,
  companyName,
  connection,
  expiresAt,
  openRequest,
  owner
}: Requests.Renewable): typeof Renewable.Type => ({
  connectionId: connection.id,
  companyName,
  accountName,
  channel: connection.channel,
  marketplaceId: connection.marketplaceId,
  consentExpiresAt: instant(expiresAt),
  ...(owner === undefined ? {} : { owner }),
  ...(openRequest === undefined ? {} : { openRequestId: openRequest })
})
