/**
 * The history on the wire. What is told of each event is chosen one by one, so that a field which a machine gains later
 * stays inside until somebody decides otherwise; digests and provider tickets never leave.
 */
import { Aggregate } from "@portolan/domain"
import { Schema } from "effect"
import * as Profile from "./Profile.ts"
import { By, by, Instant, instant } from "./Text.ts"

type Event = Aggregate.DomainEvent
type Type = Event["_tag"]
type Facts = { readonly [fact: string]: Schema.Json }

const facts: { readonly [T in Type]: (event: Extract<Event, { readonly _tag: T }>) => Facts } = {
  CompanyAdded: ({ company }) => ({ name: company.name, brands: company.brands.map(({ id, name }) => ({ id, name })) }),
  CompanyRenamed: ({ name }) => ({ name }),
  BrandAdded: ({ brand }) => ({ brandId: brand.id, name: brand.name }),
  AccountOpened: ({ account: { accountType, brandIds, companyId, defaultBrandId, marketplaces, name, provider, region } }) =>
    ({ companyId, name, provider, accountType, region, marketplaces, brandIds, defaultBrandId }),
  AccountRenamed: ({ name }) => ({ name }),
  BrandsAssigned: ({ brandIds, defaultBrandId }) => ({ brandIds, defaultBrandId }),
  ConnectionProposed: ({ accountId, channel, companyId, optional }) => ({ companyId, accountId, channel, optional }),
  SelectionAwaited: ({ pending }) => ({ authorizationId: pending.authorizationId }),
  SelectionDropped: ({ authorizationId }) => ({ authorizationId }),
  Linked: ({ accountId, channel, link }) => ({ accountId, channel, profile: Profile.of(link.profile), permission: link.permission }),
  Renewed: ({ accountId, channel, link }) => ({ accountId, channel, profile: Profile.of(link.profile), permission: link.permission }),
  Proven: () => ({}),
  LimitFound: ({ missing }) => ({ missing }),
  LimitLifted: () => ({}),
  GrantLost: ({ loss }) => ({ loss }),
  Disconnected: ({ released }) => released === undefined ? {} : { profile: Profile.of(released.profile) },
  AuthorizationStarted: ({ accountId, channel, connectionId, expiresAt, origin }) => ({
    accountId, connectionId, channel, expiresAt: instant(expiresAt),
    ...(origin._tag === "ByLink" ? { authLinkId: origin.invitationId } : {})
  }),
  CallbackReceived: () => ({}),
  ConsentDeclined: ({ detail }) => ({ detail }),
  ConsentRecorded: ({ candidates }) => ({ profiles: candidates.length }),
  CandidatesFound: ({ candidates }) => ({ profiles: candidates.length }),
  ProfileSelected: ({ selected }) => ({ profile: Profile.of(selected) }),
  AuthorizationFailed: ({ detail, reason }) => ({ reason, detail }),
  AuthorizationExpired: () => ({}),
  AuthorizationDismissed: ({ because }) => ({ because }),
  LinkIssued: ({ accountId, channel, connectionId, expiresAt }) => ({ accountId, connectionId, channel, expiresAt: instant(expiresAt) }),
  LinkFollowed: ({ authorizationId }) => ({ authorizationId }),
  LinkAttemptEnded: ({ authorizationId, outcome }) => ({ authorizationId, outcome }),
  LinkUsed: ({ authorizationId }) => ({ authorizationId }),
  LinkRevoked: () => ({}),
  LinkExpired: () => ({}),
  GrantRecorded: ({ authorizationId, channel, expiresAt, region }) =>
    ({ authorizationId, channel, region, ...(expiresAt === undefined ? {} : { expiresAt: instant(expiresAt) }) }),
  GrantEnded: ({ end }) => ({ end }),
  BackfillPlanned: ({ connectionId, windows }) => ({ connectionId, windows: windows.length }),
  BackfillExtended: ({ retried, windows }) => ({ windows: windows.length, retried: retried.length }),
  WindowRequested: ({ windowId }) => ({ windowId }),
  WindowRestarted: ({ reason, windowId }) => ({ windowId, reason }),
  WindowLoaded: ({ dataClass, rows, windowId }) => ({ windowId, dataClass, rows }),
  WindowSkipped: ({ dataClass, reason, windowId }) => ({ windowId, dataClass, reason }),
  WindowBlocked: ({ reason, windowId }) => ({ windowId, reason }),
  ClassCompleted: ({ dataClass }) => ({ dataClass }),
  DeadlineMissed: ({ connectionId, dataClass, dueAt }) => ({ connectionId, dataClass, dueAt: instant(dueAt) }),
  BackfillCompleted: ({ connectionId }) => ({ connectionId }),
  BackfillCancelled: () => ({})
}

const factsOf = <T extends Type>(event: Extract<Event, { readonly _tag: T }>): Facts => {
  const choose: (event: Extract<Event, { readonly _tag: T }>) => Facts = facts[event._tag as T]
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
  id, position, type: event._tag, subject: { kind: aggregate.kind, id: aggregate.id }, version, at: instant(at), by: by(actor),
  facts: factsOf(event)
})
