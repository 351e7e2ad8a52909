/** What happened to an organization, its members and its keys, told in sentences. */
import { type ApiKey, type Member, Messages, type Organization } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { absolute } from "../../page/format.ts"
import { act, good, idle, info, type Line, wait } from "./line.ts"

type Event = Organization.Event | Member.Event | ApiKey.Event

/** The sentence of each kind of event of an organization, a member or a key. */
export const peopleLines: {
  readonly [T in Event["_tag"]]: (event: Extract<Event, { readonly _tag: T }>) => Line
} = {
  OrganizationFounded: ({ organization }) => good(words.history.organizationCreated({ name: organization.name })),
  OrganizationRenamed: ({ name }) => info(words.history.organizationRenamed({ name })),
  OwnershipOffered: ({ expiresAt }) =>
    wait(words.history.ownershipOffered, Messages.text("page.good-until", { at: absolute(expiresAt) })),
  OwnershipOfferEnded: ({ because }) =>
    idle(words.history.ownershipOfferEnded, words.history.ownershipOfferEnds[because]),
  OwnershipHandedOver: () => wait(words.history.ownershipHandedOver, words.history.oneOwner),
  ClosingScheduled: ({ dueAt }) =>
    act(words.history.organizationClosing, words.history.reopenUntil({ at: absolute(dueAt) })),
  OrganizationReopened: () => good(words.history.organizationReopened),
  OrganizationClosed: ({ rows }) =>
    idle(words.history.organizationClosed, words.history.rowsDeleted({ quantity: rows })),
  MemberInvited: ({ email, accessScope, role }) =>
    info(words.history.memberInvited({ email, role }), words.history.accessTo({ scope: accessScope._tag })),
  InvitationMailed: ({ expiresAt }) =>
    info(words.history.invitationMailed, Messages.text("page.good-until", { at: absolute(expiresAt) })),
  InvitationBounced: ({ reason }) =>
    act(words.history.invitationBounced, Messages.text("email.server-said", { reason })),
  MemberJoined: ({ email, isOwner, name, accessScope, role }) =>
    good(
      words.history.joined({ name, role: isOwner === true ? "owner" : role }),
      words.history.joinedWith({ email, scope: accessScope._tag })
    ),
  MemberAccessChanged: ({ accessScope, role }) =>
    info(words.history.accessChanged({ role }), words.history.accessTo({ scope: accessScope._tag })),
  MailPreferencesChanged: () => info(words.history.mailPreferencesChanged),
  CalendarFeedChanged: ({ feed }) =>
    feed === undefined ? idle(words.history.calendarClosed) : info(words.history.calendarOpened),
  NewsCollected: ({ news }) =>
    idle(words.history.newsCollected({ subject: news.subject }), words.history.newsDue({ at: absolute(news.dueAt) })),
  NewsMailed: ({ ids }) => idle(words.history.newsMailed({ quantity: ids.length })),
  MemberLeft: ({ because }) => idle(words.history.membershipEnded, Messages.text(`leaving.${because}`)),
  ApiKeyCreated: ({ name, accessScope, role }) =>
    info(words.history.keyCreated({ name }), words.history.keyActs({ role, scope: accessScope._tag })),
  ApiKeyRevoked: () => idle(words.history.keyRevoked, words.history.keyRefused)
}
