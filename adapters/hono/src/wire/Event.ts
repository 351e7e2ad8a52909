/**
 * The history on the wire. What is told of each event is chosen one by one, so that a field which a machine gains later
 * stays inside until somebody decides otherwise; digests and provider tickets never leave.
 */
import { Aggregate } from "@portolan/domain"
import { Schema } from "effect"
import * as Access from "./Access.ts"
import { companyFacts } from "./companyFacts.ts"
import * as Identity from "./Identity.ts"
import { incidents } from "./incidentEvents.ts"
import * as Profile from "./Profile.ts"
import { By, by, Instant, instant } from "./Text.ts"
import { windows } from "./windowEvents.ts"

type Event = Aggregate.DomainEvent
type Type = Event["_tag"]
type Facts = { readonly [fact: string]: Schema.Json }

const facts: { readonly [T in Type]: (event: Extract<Event, { readonly _tag: T }>) => Facts } = {
  OrganizationFounded: ({ organization }) => ({ name: organization.name }),
  OrganizationRenamed: ({ name }) => ({ name }),
  OwnershipOffered: ({ expiresAt, to }) => ({ to, expiresAt: instant(expiresAt) }),
  OwnershipOfferEnded: ({ because, to }) => ({ to, because }),
  OwnershipHandedOver: ({ from, to }) => ({ from, to }),
  ClosingScheduled: ({ dueAt }) => ({ dueAt: instant(dueAt) }),
  OrganizationReopened: () => ({}),
  OrganizationClosed: ({ rows }) => ({ rows }),
  MemberInvited: ({ email, expiresAt, accessScope, role }) => ({
    email,
    role,
    access: Access.of(accessScope),
    expiresAt: instant(expiresAt)
  }),
  InvitationMailed: ({ expiresAt }) => ({ expiresAt: instant(expiresAt) }),
  InvitationBounced: ({ reason }) => ({ reason }),
  MemberJoined: ({ email, isOwner, name, personId, accessScope, role }) => ({
    email,
    name,
    personId,
    role: isOwner === true ? "owner" : role,
    access: Access.of(accessScope)
  }),
  MemberAccessChanged: ({ accessScope, role }) => ({ role, access: Access.of(accessScope) }),
  MailPreferencesChanged: ({ mailPreferences }) => ({ mailPreferences }),
  // The digest says nothing to anybody; it stays inside.
  CalendarFeedChanged: ({ feed }) => ({ isOpen: feed !== undefined }),
  NewsCollected: ({ news: { dueAt, kind, subject } }) => ({ kind, subject, dueAt: instant(dueAt) }),
  NewsMailed: ({ ids }) => ({ count: ids.length }),
  MemberLeft: ({ because }) => ({ because }),
  ApiKeyCreated: ({ expiresAt, name, accessScope, role, scopes, start }) => ({
    name,
    start,
    role,
    scopes,
    access: Access.of(accessScope),
    expiresAt: instant(expiresAt)
  }),
  ApiKeyRevoked: () => ({}),
  AdvertiserDiscovered: ({ advertiser }) => ({ profile: Profile.of(advertiser) }),
  AdvertiserChanged: ({ advertiser }) => ({ profile: Profile.of(advertiser) }),
  AdvertiserMissed: () => ({}),
  AdvertiserLost: () => ({}),
  AdvertiserReturned: ({ advertiser }) => ({ profile: Profile.of(advertiser) }),
  AdvertiserAssigned: ({ assignment }) => ({
    organizationId: assignment.tenantId,
    organizationName: assignment.tenantName
  }),
  AdvertiserUnassigned: ({ tenantId }) => ({ organizationId: tenantId }),
  AdvertiserAwaited: ({ advertiser, connectionId, marketplaceId, tenantId }) => ({
    organizationId: tenantId,
    connectionId,
    marketplaceId,
    advertiser
  }),
  AwaitingSettled: () => ({}),
  ...companyFacts,
  ...incidents,
  ConnectionProposed: ({ accountId, channel, companyId, optional }) => ({ companyId, accountId, channel, optional }),
  ConnectionMoved: ({ to }) => ({ marketplaceId: to }),
  AccessExpected: ({ expected }) => ({ advertiser: expected.advertiser }),
  ConnectionCompanyChanged: ({ to }) => ({ companyId: to }),
  AccessOverdue: ({ advertiser }) => ({ advertiser }),
  AccessNoted: ({ advertiser }) => (advertiser === undefined ? {} : { advertiser }),
  ExpectationDropped: () => ({}),
  SelectionAwaited: ({ pending }) => ({ authorizationId: pending.authorizationId }),
  SelectionDropped: ({ authorizationId }) => ({ authorizationId }),
  Linked: ({ accountId, channel, link }) => ({
    accountId,
    channel,
    profile: Profile.of(link.profile),
    permission: link.permission
  }),
  Renewed: ({ accountId, channel, link }) => ({
    accountId,
    channel,
    profile: Profile.of(link.profile),
    permission: link.permission
  }),
  ConnectionPaused: () => ({}),
  ConnectionResumed: () => ({}),
  Proven: () => ({}),
  LimitFound: ({ missing }) => ({ missing }),
  LimitLifted: () => ({}),
  IdentityJudged: ({ identity }) => ({ identity: Identity.of(identity) }),
  GrantLost: ({ loss }) => ({ loss }),
  ConnectionWithdrawn: () => ({}),
  ConnectionReinstated: () => ({}),
  Disconnected: ({ released }) => (released === undefined ? {} : { profile: Profile.of(released.profile) }),
  AuthorizationStarted: ({ accountId, channel, connectionId, expiresAt, origin }) => ({
    accountId,
    connectionId,
    channel,
    expiresAt: instant(expiresAt),
    ...(origin._tag === "ByLink" ? { authLinkId: origin.invitationId } : {}),
    ...(origin._tag === "ByLink" && origin.consenting !== undefined ? { consentingAs: origin.consenting } : {})
  }),
  CallbackReceived: () => ({}),
  ConsentDeclined: ({ detail }) => ({ detail }),
  ConsentRecorded: ({ candidates }) => ({ profiles: candidates.length }),
  CandidatesFound: ({ candidates }) => ({ profiles: candidates.length }),
  ProfileSelected: ({ selected }) => ({ profile: Profile.of(selected) }),
  AuthorizationFailed: ({ detail, reason }) => ({ reason, detail }),
  AuthorizationExpired: () => ({}),
  AuthorizationDismissed: ({ because }) => ({ because }),
  LinkIssued: ({ accountId, channel, connectionId, expiresAt }) => ({
    accountId,
    connectionId,
    channel,
    expiresAt: instant(expiresAt)
  }),
  RequestMailedAgain: ({ expiresAt }) => ({ expiresAt: instant(expiresAt) }),
  RequestReminded: () => ({}),
  RequestObjected: ({ because }) => ({ because }),
  RequestBounced: ({ reason, to }) => ({ to, reason }),
  LinkFollowed: ({ authorizationId }) => ({ authorizationId }),
  LinkAttemptEnded: ({ authorizationId, outcome }) => ({ authorizationId, outcome }),
  LinkUsed: ({ authorizationId }) => ({ authorizationId }),
  LinkRevoked: () => ({}),
  LinkExpired: () => ({}),
  GrantRecorded: ({ authorizationId, channel, consentedAs, expiresAt, region }) => ({
    channel,
    region,
    ...(consentedAs === undefined ? {} : { consentedAs }),
    ...(authorizationId === undefined ? {} : { authorizationId }),
    ...(expiresAt === undefined ? {} : { expiresAt: instant(expiresAt) })
  }),
  AdvertiserSeen: ({ advertiser }) => ({ profile: Profile.of(advertiser) }),
  GrantHandedOver: ({ to }) => ({ to }),
  GrantIdentityJudged: ({ identity }) => ({ identity: Identity.of(identity) }),
  GrantEnded: ({ end }) => ({ end }),
  RevocationRecorded: ({ revocation }) => ({ revocation }),
  BackfillPlanned: ({ connectionId, windows }) => ({ connectionId, windows: windows.length }),
  BackfillExtended: ({ retried, windows }) => ({ windows: windows.length, retried: retried.length }),
  RoundPlanned: ({ connectionId, nextAt, retried, windows }) => ({
    connectionId,
    windows: windows.length,
    retried: retried.length,
    nextAt: instant(nextAt)
  }),
  LoadRetried: ({ connectionId, retried }) => ({ connectionId, retried: retried.length }),
  ...windows,
  ClassCompleted: ({ dataClass }) => ({ dataClass }),
  DeadlineMissed: ({ connectionId, dataClass, dueAt }) => ({ connectionId, dataClass, dueAt: instant(dueAt) }),
  LoadOverdue: ({ connectionId }) => ({ connectionId }),
  LoadCaughtUp: ({ connectionId }) => ({ connectionId }),
  BackfillCompleted: ({ connectionId }) => ({ connectionId }),
  BackfillCancelled: () => ({}),
  ConsolidationOpened: ({ companyId }) => ({ companyId }),
  CredentialAdded: ({ credential }) => ({
    credentialId: credential.id,
    name: credential.name,
    provider: credential.provider
  }),
  CredentialCorrected: ({ credential }) => ({
    credentialId: credential.id,
    name: credential.name,
    provider: credential.provider
  }),
  CredentialRemoved: ({ credentialId }) => ({ credentialId }),
  ProviderAccountAdded: ({ account }) => ({
    providerAccountId: account.id,
    name: account.name,
    marketplaces: account.marketplaceIds
  }),
  ProviderAccountLinked: ({ accountId, linkedAccountId }) => ({
    providerAccountId: accountId,
    accountId: linkedAccountId
  }),
  ProviderAccountUnlinked: ({ accountId, linkedAccountId }) => ({ accountId, linkedAccountId }),
  AdministratorCorrected: ({ accountId, fromId, toId }) => ({
    accountId,
    fromId,
    ...(toId === undefined ? {} : { toId })
  }),
  ProviderAccountRemoved: ({ accountId }) => ({ providerAccountId: accountId }),
  AdministratorNamed: ({ accountId, credentialId }) => ({ providerAccountId: accountId, credentialId }),
  AdministrationHandedOver: ({ accountId, fromId, toId }) => ({ providerAccountId: accountId, from: fromId, to: toId }),
  SecondaryAccessGranted: ({ access }) => ({
    providerAccountId: access.accountId,
    credentialId: access.credentialId,
    permission: access.permission,
    source: access.source
  }),
  SecondaryAccessRemoved: ({ accountId, credentialId, source }) => ({
    providerAccountId: accountId,
    credentialId,
    source
  }),
  LoginObserved: ({ look }) => ({ credentialId: look.credentialId, unknown: look.unknown.length }),
  MainAccountChosen: ({ credentialId }) => ({ credentialId }),
  PlanShared: ({ expiresAt, round }) => ({ round, expiresAt: instant(expiresAt) }),
  PlanShareWithdrawn: ({ round }) => ({ round }),
  PlanMailed: ({ mail, round }) => ({ round, number: mail.number, to: mail.to }),
  DiagnosisOpened: ({ accountId, channel, connectionId }) => ({ accountId, connectionId, channel }),
  FactsObserved: ({ connectionId }) => ({ connectionId }),
  FactsConfirmed: () => ({}),
  CheckAnswered: ({ answer, check, connectionId }) => ({ connectionId, check, holds: answer.holds })
}

const factsOf = <T extends Type>(event: Extract<Event, { readonly _tag: T }>): Facts => {
  const choose: (event: Extract<Event, { readonly _tag: T }>) => Facts = facts[event._tag]
  return choose(event)
}

/** What became of an aggregate, and who did it. */
export const Answer = Schema.Struct({
  id: Schema.String,
  position: Schema.Int.annotate({ description: "Place in your organization's history: 1, 2, 3 ... without gaps." }),
  type: Schema.Literals(Object.keys(facts) as [Type, ...Array<Type>]),
  subject: Schema.Struct({ kind: Aggregate.Kind, id: Schema.String }),
  version: Schema.Int,
  at: Instant,
  by: By,
  facts: Schema.Record(Schema.String, Schema.Json)
}).annotate({ identifier: "Event", description: "One thing that happened, and who did it." })

/** Writes an event. */
export const of = ({ actor, aggregate, at, event, id, position, version }: Aggregate.Recorded): typeof Answer.Type => ({
  id,
  position,
  type: event._tag,
  subject: { kind: aggregate.kind, id: aggregate.id },
  version,
  at: instant(at),
  by: by(actor),
  facts: factsOf(event)
})
