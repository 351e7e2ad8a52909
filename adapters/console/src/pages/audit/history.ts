/**
 * What happened, told in sentences: on the page of a connection, and for the whole organization in the audit log. Every
 * kind of event has its sentence; the compiler asks for one as soon as the domain knows a new kind.
 */
import type { DateTime } from "effect"
import { Messages, type Aggregate, Channel, Check, Evidence, Identity, Incident } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { absolute } from "../../page/format.ts"
import { grantEnd, marketplaceName } from "../../page/labels.ts"
import { loadLines, windowLines } from "./loadHistory.ts"
import { peopleLines } from "./peopleHistory.ts"
import { act, good, idle, info, type Line, step, wait } from "./line.ts"

type Event = Aggregate.Recorded["event"]
type Type = Event["_tag"]

const advertiser = ({ key, name }: { readonly name: string; readonly key: { readonly externalId: string } }) =>
  `${name} (${key.externalId})`

const judged = (identity: Identity.Identity): Line => {
  const evidence = Messages.render(Identity.inWords(identity))
  return Identity.isProven(identity)
    ? good(words.history.identityProven, evidence)
    : info(words.history.identityClaimed, evidence)
}

const lines: { readonly [T in Type]: (event: Extract<Event, { readonly _tag: T }>) => Line } = {
  ...peopleLines,

  AdvertiserDiscovered: (event) => good(words.history.advertiserListsUs({ advertiser: advertiser(event.advertiser) })),
  AdvertiserChanged: (event) => info(words.history.advertiserChanged({ advertiser: advertiser(event.advertiser) })),
  AdvertiserMissed: () => wait(words.history.advertiserMissed, words.history.missedOnce),
  AdvertiserLost: () => act(words.history.advertiserLost, words.history.missedOften),
  AdvertiserReturned: (event) => good(words.history.advertiserReturned({ advertiser: advertiser(event.advertiser) })),
  AdvertiserAssigned: ({ assignment }) =>
    good(words.history.advertiserAssigned({ organization: assignment.tenantName })),
  AdvertiserUnassigned: () => idle(words.history.advertiserTakenBack),
  AdvertiserAwaited: (event) =>
    wait(
      words.history.advertiserAwaited({ organization: event.tenantName, advertiser: event.advertiser }),
      words.history.forAccount({ account: event.accountName })
    ),
  AwaitingSettled: () => good(words.history.waitingOver),

  RefusalsSeen: (event) => info(words.history.refusalsSeen({ count: event.sightings.length })),
  IncidentOpened: (event) => act(words.history.incidentOpened({ title: Incident.title(event) }), event.detail),
  IncidentGrew: ({ detail, grants }) => act(words.history.incidentGrew({ grants }), detail),
  IncidentSeen: ({ detail }) => info(words.history.incidentSeen, detail),
  IncidentNotified: () => info(words.history.incidentNotified),
  IncidentClosed: ({ end }) => good(words.history.incidentClosed, Messages.text(`incident.${end}`)),

  CompanyAdded: ({ company }) =>
    good(words.history.companyAdded({ name: company.name }), words.history.brandOf({ brand: company.brands[0].name })),
  BrandRenamed: ({ name }) => info(words.history.brandRenamed({ name })),
  BrandRemoved: () => idle(words.history.brandRemoved),
  CompanyRemoved: () => idle(words.history.companyRemoved, words.history.canBeRestored),
  CompanyRestored: () => good(words.history.companyRestored, words.history.backOnLists),
  CompanyRenamed: ({ name }) => info(words.history.companyRenamed({ name })),
  BrandAdded: ({ brand }) => info(words.history.brandAdded({ name: brand.name })),

  AccountOpened: ({ account }) =>
    good(
      words.history.accountCreated({ name: account.name }),
      `${account.marketplaces.map(marketplaceName).join(", ")}.`
    ),
  AccountRenamed: ({ name }) => info(words.history.accountRenamed({ name })),
  BrandsAssigned: ({ brandIds }) =>
    info(words.history.brandsChanged, words.history.brandsNow({ quantity: brandIds.length })),
  AccountCompanyChanged: () => info(words.history.accountCompanyChanged, words.history.companyChangeKeeps),
  MarketplaceAdded: ({ marketplaceId }) =>
    good(words.history.marketplaceAdded({ marketplace: marketplaceName(marketplaceId) })),
  MarketplaceRemoved: ({ marketplaceId }) =>
    idle(words.history.marketplaceRemoved({ marketplace: marketplaceName(marketplaceId) }), words.history.canBeAdded),
  MarketplaceChanged: ({ from, to }) =>
    info(
      words.history.accountMoved({ marketplace: marketplaceName(to) }),
      words.history.accountWasIn({ marketplace: marketplaceName(from) })
    ),
  AccountRemoved: () => idle(words.shared.accountRemoved, words.history.canBeRestored),
  AccountRestored: () => good(words.shared.accountRestored, Messages.text("page.restored")),
  DeletionScheduled: ({ dueAt }) =>
    act(words.history.erasureScheduled, words.history.erasureOn({ at: absolute(dueAt) })),
  DeletionCalledOff: () => good(words.shared.erasureCalledOff, words.shared.allDataStays),
  DataErased: ({ rows }) => idle(words.history.dataErased, words.history.rowsDeleted({ quantity: rows })),

  ConnectionProposed: ({ channel }) => idle(words.history.nothingConnectedYet, Channel.label(channel)),
  ConnectionMoved: ({ to }) => info(words.history.movedTo({ marketplace: marketplaceName(to) })),
  AccessExpected: ({ expected }) =>
    wait(words.history.waitingForAdvertiser({ advertiser: expected.advertiser }), Messages.text("evidence.we-look")),
  AccessNoted: ({ advertiser: name }) =>
    name === undefined
      ? wait(words.history.noLongerReady, words.history.leftPartners)
      : act(words.history.readyToLink({ advertiser: name }), words.history.belongsHere),
  ConnectionCompanyChanged: () => info(words.history.connectionCompanyChanged),
  AccessOverdue: (event) =>
    act(words.history.advertiserOverdue({ advertiser: event.advertiser }), words.history.overdueDay),
  ExpectationDropped: () => idle(words.history.waitingDropped),
  SelectionAwaited: () => wait(words.history.choiceAwaited),
  SelectionDropped: () => idle(words.history.choiceDropped),
  Linked: ({ link }) => good(words.history.connectedTo({ profile: link.profile.name }), link.profile.key.externalId),
  Renewed: ({ keepsReplaced, link }) =>
    good(
      words.history.authorizedAgain({ profile: link.profile.name }),
      keepsReplaced ? words.history.keptWithEarlier : words.history.kept
    ),
  ConnectionPaused: () => idle(Messages.text("status.paused"), Messages.text("page.paused")),
  ConnectionResumed: () => good(words.shared.resumed, words.history.gapLoaded),
  Proven: () => good(words.history.proven),
  LimitFound: ({ missing }) => wait(Messages.text("status.limited"), words.history.missing({ what: missing })),
  LimitLifted: () => good(words.history.nothingMissing),
  IdentityJudged: ({ identity }) => judged(identity),
  GrantLost: ({ loss }) =>
    act(
      loss === "access-removed" ? words.history.accessRemoved : Messages.text("status.reauthorization-needed"),
      Messages.text(`loss.${loss}`)
    ),
  ConnectionWithdrawn: () => idle(words.history.connectionWithdrawn, words.history.withdrawnKeeps),
  ConnectionReinstated: () => good(words.history.connectionReinstated),
  Disconnected: ({ released }) =>
    idle(
      Messages.text("status.disconnected"),
      released === undefined
        ? undefined
        : words.history.freeAgain({ name: released.profile.name, id: released.profile.key.externalId })
    ),

  AuthorizationStarted: ({ channel, origin }) =>
    info(origin._tag === "Direct" ? words.history.sentToProvider : words.history.followedLink, Channel.label(channel)),
  CallbackReceived: () => info(words.history.cameBack),
  ConsentDeclined: () => wait(words.history.declined),
  ConsentRecorded: ({ candidates }) =>
    good(words.shared.consentGiven, words.history.profilesVisible({ quantity: candidates.length })),
  CandidatesFound: ({ candidates }) =>
    info(words.history.lookedAgain, words.history.profilesVisible({ quantity: candidates.length })),
  ProfileSelected: ({ selected }) =>
    good(words.history.profileChosen({ profile: selected.name }), selected.key.externalId),
  AuthorizationFailed: ({ reason }) => act(words.history.attemptFailed, Messages.text(`failure-reason.${reason}`)),
  AuthorizationExpired: () => wait(words.history.nobodyCameBack),
  AuthorizationDismissed: ({ because }) => idle(words.shared.consentDismissed, because),

  LinkIssued: ({ channel, expiresAt, request }) =>
    info(
      request === undefined ? words.history.linkCreated : words.history.requestSent({ owner: request.owner.name }),
      words.history.linkGoodUntil({ channel: Channel.label(channel), at: absolute(expiresAt) })
    ),
  RequestMailedAgain: ({ expiresAt }) =>
    info(words.history.requestMailedAgain, Messages.text("page.good-until", { at: absolute(expiresAt) })),
  RequestReminded: () => info(words.history.requestReminded),
  RequestObjected: ({ because }) => act(words.history.requestObjected, Messages.text(`link.${because}`)),
  RequestBounced: ({ reason, to }) => act(words.history.mailBounced({ to }), reason),
  LinkFollowed: () => info(words.history.linkFollowed),
  LinkAttemptEnded: ({ outcome: came }) => idle(words.history.linkAttemptEnded, came),
  LinkUsed: () => good(words.history.linkUsed),
  LinkRevoked: () => idle(words.history.linkWithdrawn),
  LinkExpired: () => idle(words.history.linkExpired),

  GrantRecorded: (event) =>
    info(
      event.advertiser === undefined
        ? words.history.consentRecorded
        : words.history.accessRecorded({ advertiser: advertiser(event.advertiser) }),
      event.consentedAs === undefined
        ? Channel.label(event.channel)
        : words.history.consentGiven({ channel: Channel.label(event.channel), by: event.consentedAs })
    ),
  AdvertiserSeen: (event) =>
    info(
      words.history.advertiserChanged({ advertiser: advertiser(event.advertiser) }),
      event.advertiser.permission === "edit" ? words.history.readAndWrite : words.history.readOnly
    ),
  GrantHandedOver: ({ to }) => info(words.history.answersNow({ name: to.name })),
  GrantIdentityJudged: ({ identity }) => judged(identity),
  GrantEnded: ({ end }) => idle(words.history.consentEnded, grantEnd(end)),
  RevocationRecorded: ({ revocation }) => idle(words.history.revocationAsked, revocation.detail),

  ...loadLines,
  ...windowLines,

  ConsolidationOpened: () => info(words.history.gathered, words.history.begun),
  CredentialAdded: ({ credential }) => info(words.history.loginAdded({ name: credential.name })),
  CredentialCorrected: ({ credential }) => info(words.history.loginCorrected({ name: credential.name })),
  CredentialRemoved: () => idle(words.history.loginRemoved, words.history.endedWithIt),
  ProviderAccountAdded: ({ account }) => info(words.history.providerAccountAdded({ name: account.name })),
  ProviderAccountLinked: () => info(words.history.providerAccountTied),
  ProviderAccountUnlinked: ({ accountId }) => idle(words.history.providerAccountUnlinked({ account: accountId })),
  AdministratorCorrected: ({ accountId }) =>
    info(words.history.administratorCorrected({ account: accountId }), words.history.nothingAtProvider),
  ProviderAccountRemoved: () => idle(words.history.providerAccountRemoved),
  AdministratorNamed: () => info(words.history.administratorNamed),
  AdministrationHandedOver: () => wait(words.history.administrationHandedOver, words.history.formerAdministrator),
  SecondaryAccessGranted: (event) =>
    good(
      words.history.loginGivenAccess,
      event.access.source === "seen" ? Messages.text("page.seen-at-provider") : Messages.text("page.as-told")
    ),
  SecondaryAccessRemoved: ({ source }) =>
    wait(
      words.history.loginLostAccess,
      source === "seen" ? Messages.text("page.seen-at-provider") : Messages.text("page.as-told")
    ),
  LoginObserved: () => info(words.history.loginObserved),
  MainAccountChosen: () => info(words.history.mainLoginChosen),
  PlanShared: ({ expiresAt }) =>
    info(words.history.planShared, Messages.text("page.good-until", { at: absolute(expiresAt) })),
  PlanShareWithdrawn: () => idle(words.history.planShareWithdrawn),
  PlanMailed: ({ mail }) => info(words.history.planMailed({ to: mail.to })),

  DiagnosisOpened: () => info(words.history.checksBegun, words.history.checksWhy),
  FactsObserved: () => info(words.history.checksRepeated, words.history.somethingNew),
  FactsConfirmed: () => step(words.history.checksRepeated, words.history.nothingChanged),
  CheckAnswered: ({ answer, check }) =>
    info(words.history.checkAnswered, words.history.answer({ check: Check.get(check).title, holds: answer.holds }))
}

/** Says what happened. */
export const line = (event: Event): Line => lineOf(event)

const lineOf = <T extends Type>(event: Extract<Event, { readonly _tag: T }>): Line => {
  const say: (event: Extract<Event, { readonly _tag: T }>) => Line = lines[event._tag]
  return say(event)
}

/** Every kind of event that has a sentence. */
export const types: ReadonlyArray<string> = Object.keys(lines)

/** What an authorization came to, for a list of recent attempts. */
export const outcome = (authorization: Aggregate.Present<"authorization">, now: DateTime.Utc): Evidence.Outcome =>
  Evidence.ofAuthorization(authorization, now)
