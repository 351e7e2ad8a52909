/**
 * What happened, told in sentences: on the page of a connection, and for the whole organization in the audit log. Every
 * kind of event has its sentence; the compiler asks for one as soon as the domain knows a new kind.
 */
import type { DateTime } from "effect"
import { Messages, type Aggregate, Channel, Check, DataClass, Evidence } from "@portolan/domain"
import { absolute, count } from "../../page/format.ts"
import { grantEnd, marketplaceName } from "../../page/labels.ts"
import { act, good, idle, info, type Line, step, wait } from "./line.ts"

type Event = Aggregate.Recorded["event"]
type Type = Event["_tag"]

const givenBy = { owner: "by the owner", delegate: "by somebody whose login the owner gave the right" } as const

const seen = (quantity: number) =>
  quantity === 0 ? "No profile visible yet." : `${count(quantity, "profile")} visible.`

const classes = (promises: ReadonlyArray<{ readonly dataClass: DataClass.DataClass }>) =>
  promises.length === 0
    ? "Nothing to load through this channel."
    : promises.map(({ dataClass }) => DataClass.label(dataClass)).join(", ")

const advertiser = ({ key, name }: { readonly name: string; readonly key: { readonly externalId: string } }) =>
  `${name} (${key.externalId})`

const access = (accessScope: { readonly _tag: "Everything" | "Limited" }) =>
  accessScope._tag === "Everything" ? "all accounts" : "chosen accounts only"

const lines: { readonly [T in Type]: (event: Extract<Event, { readonly _tag: T }>) => Line } = {
  OrganizationFounded: ({ organization }) => good(`Organization ${organization.name} created`),
  OrganizationRenamed: ({ name }) => info(`Organization renamed to ${name}`),
  OwnershipHandedOver: () =>
    wait("Ownership of the organization handed over", "There is exactly one owner; the former one is an admin."),
  MemberInvited: ({ email, accessScope, role }) =>
    info(`${email} invited as ${role}`, `Access to ${access(accessScope)}.`),
  InvitationMailed: ({ expiresAt }) =>
    info("Invitation mailed again", Messages.text("page.good-until", { at: absolute(expiresAt) })),
  MemberJoined: ({ email, isOwner, name, accessScope, role }) =>
    good(`${name} joined as ${isOwner === true ? "owner" : role}`, `${email}, access to ${access(accessScope)}.`),
  MemberAccessChanged: ({ accessScope, role }) =>
    info(`Access of a member changed: ${role}`, `Access to ${access(accessScope)}.`),
  MemberLeft: ({ because }) => idle("Membership or invitation ended", Messages.text(`leaving.${because}`)),
  ApiKeyCreated: ({ name, accessScope, role }) =>
    info(`API key ${name} created`, `It acts as ${role}, with access to ${access(accessScope)}.`),
  ApiKeyRevoked: () => idle("API key revoked", "Whoever uses it is refused from now on."),

  AdvertiserDiscovered: (event) => good(`Advertiser ${advertiser(event.advertiser)} lists us as its partner`),
  AdvertiserChanged: (event) => info(`Advertiser ${advertiser(event.advertiser)} changed`),
  AdvertiserMissed: () => wait("Advertiser missing from the list", "One list without it ends nothing."),
  AdvertiserLost: () => act("Advertiser lost", "It was missing from several lists in a row."),
  AdvertiserReturned: (event) => good(`Advertiser ${advertiser(event.advertiser)} is listed again`),
  AdvertiserAssigned: ({ assignment }) => good(`Advertiser assigned to ${assignment.tenantName}`),
  AdvertiserUnassigned: () => idle("Advertiser taken back from an organization"),
  AdvertiserAwaited: (event) =>
    wait(`${event.tenantName} waits for the advertiser “${event.advertiser}”`, `For the account ${event.accountName}.`),
  AwaitingSettled: () => good("Waiting for an advertiser is over"),

  CompanyAdded: ({ company }) => good(`Company ${company.name} added`, `Brand ${company.brands[0].name}.`),
  CompanyRenamed: ({ name }) => info(`Company renamed to ${name}`),
  BrandAdded: ({ brand }) => info(`Brand ${brand.name} added`),

  AccountOpened: ({ account }) =>
    good(`Account ${account.name} created`, `${account.marketplaces.map(marketplaceName).join(", ")}.`),
  AccountRenamed: ({ name }) => info(`Account renamed to ${name}`),
  BrandsAssigned: ({ brandIds }) =>
    info("Brands of the account changed", `It has ${count(brandIds.length, "brand")} now.`),
  MarketplaceAdded: ({ marketplaceId }) => good(`Marketplace added: ${marketplaceName(marketplaceId)}`),
  MarketplaceChanged: ({ from, to }) =>
    info(`Account moved to ${marketplaceName(to)}`, `It was in ${marketplaceName(from)} before.`),
  AccountRemoved: () => idle("Account removed", "Its data and history stay; it can be restored."),
  AccountRestored: () => good("Account restored", Messages.text("page.restored")),
  DeletionScheduled: ({ dueAt }) =>
    act("Erasure of its data scheduled", `It happens on ${absolute(dueAt)} unless somebody calls it off.`),
  DeletionCalledOff: () => good("Erasure called off", "All data stays."),
  DataErased: ({ rows }) => idle("Data erased", `${count(rows, "row")} were deleted. This history stays.`),

  ConnectionProposed: ({ channel }) => idle("Account created; nothing connected yet", Channel.label(channel)),
  ConnectionMoved: ({ to }) => info(`Moved to ${marketplaceName(to)}`),
  AccessExpected: ({ expected }) =>
    wait(`Waiting for the advertiser “${expected.advertiser}”`, "We look every 15 minutes."),
  AccessNoted: ({ advertiser: name }) =>
    name === undefined
      ? wait("The advertiser is no longer ready to be linked", "It left our partners, or belongs elsewhere.")
      : act(
          `The advertiser “${name}” is ready to be linked`,
          "It lists us as its partner and belongs to this organization."
        ),
  AccessOverdue: (event) =>
    act(`The advertiser “${event.advertiser}” is overdue`, "It did not appear within a day; support was told."),
  ExpectationDropped: () => idle("No longer waiting for an advertiser"),
  SelectionAwaited: () => wait("Consent waits for a choice of profile"),
  SelectionDropped: () => idle("Waiting consent dropped"),
  Linked: ({ link }) => good(`Connected to ${link.profile.name}`, link.profile.key.externalId),
  Renewed: ({ keepsReplaced, link }) =>
    good(
      `Authorized again for ${link.profile.name}`,
      keepsReplaced
        ? "Bindings and history were kept; the earlier login stays as one to fall back to."
        : "Bindings and history were kept."
    ),
  ConnectionPaused: () => idle("Paused", Messages.text("page.paused")),
  ConnectionResumed: () => good("Resumed", "The gap is loaded."),
  Proven: () => good("Provider confirmed that the connection works"),
  LimitFound: ({ missing }) => wait("Limited", `Missing: ${missing}.`),
  LimitLifted: () => good("Nothing is missing any more"),
  GrantLost: ({ loss }) =>
    act(loss === "access-removed" ? "Access removed" : "Reauthorization needed", Messages.text(`loss.${loss}`)),
  Disconnected: ({ released }) =>
    idle(
      "Disconnected",
      released === undefined
        ? undefined
        : `${released.profile.name} (${released.profile.key.externalId}) is free to be connected again.`
    ),

  AuthorizationStarted: ({ channel, origin }) =>
    info(
      origin._tag === "Direct" ? "Sent to the provider to consent" : "Followed the auth link to the provider",
      Channel.label(channel)
    ),
  CallbackReceived: () => info("Came back from the provider"),
  ConsentDeclined: () => wait("Declined at the provider"),
  ConsentRecorded: ({ candidates }) => good("Consent given", seen(candidates.length)),
  CandidatesFound: ({ candidates }) => info("Looked again for profiles", seen(candidates.length)),
  ProfileSelected: ({ selected }) => good(`Profile chosen: ${selected.name}`, selected.key.externalId),
  AuthorizationFailed: ({ reason }) => act("Attempt failed", Messages.text(`failure-reason.${reason}`)),
  AuthorizationExpired: () => wait("Nobody came back from the provider in time"),
  AuthorizationDismissed: ({ because }) => idle("Consent dismissed", because),

  LinkIssued: ({ channel, expiresAt, request }) =>
    info(
      request === undefined ? "Auth link created" : `Request to connect sent to ${request.owner.name}`,
      `${Channel.label(channel)}, good until ${absolute(expiresAt)}.`
    ),
  RequestMailedAgain: ({ expiresAt }) =>
    info("Request mailed again", Messages.text("page.good-until", { at: absolute(expiresAt) })),
  RequestReminded: () => info("Reminder of the request mailed"),
  RequestObjected: ({ because }) => act("The request was answered with no", Messages.text(`link.${because}`)),
  RequestBounced: ({ reason, to }) => act(`The mail to the ${to} came back`, reason),
  LinkFollowed: () => info("Auth link followed"),
  LinkAttemptEnded: ({ outcome: came }) => idle("Attempt through the auth link ended", came),
  LinkUsed: () => good("Auth link used"),
  LinkRevoked: () => idle("Auth link withdrawn"),
  LinkExpired: () => idle("Auth link expired"),

  GrantRecorded: (event) =>
    info(
      event.advertiser === undefined
        ? "Consent put on record"
        : `Access to ${advertiser(event.advertiser)} put on record`,
      `${Channel.label(event.channel)}${event.consentedAs === undefined ? "" : `, given ${givenBy[event.consentedAs]}`}`
    ),
  AdvertiserSeen: (event) =>
    info(
      `Advertiser ${advertiser(event.advertiser)} changed`,
      event.advertiser.permission === "edit" ? "It gives us read and write access." : "It gives us read access only."
    ),
  GrantHandedOver: ({ to }) => info(`${to.name} answers for the consent from now on`),
  GrantEnded: ({ end }) => idle("Consent ended", grantEnd(end)),
  RevocationRecorded: ({ revocation }) => idle("Provider asked to end the consent", revocation.detail),

  BackfillPlanned: ({ promises }) => info("First load planned", classes(promises)),
  BackfillExtended: ({ promises }) => info("First load extended", classes(promises)),
  WindowRequested: () => step("Days of the first load requested"),
  WindowRestarted: ({ reason }) => step("Days of the first load taken up again", reason),
  WindowLoaded: ({ dataClass, rows }) => step(`${DataClass.label(dataClass)}: days loaded`, count(rows, "row")),
  WindowSkipped: ({ dataClass, reason }) => idle(`${DataClass.label(dataClass)}: days left out`, reason),
  WindowBlocked: ({ reason }) => act("First load needs somebody to act", reason),
  ClassCompleted: ({ dataClass }) => good(`${DataClass.label(dataClass)} loaded completely`),
  DeadlineMissed: ({ dataClass, dueAt }) =>
    act(`${DataClass.label(dataClass)} is overdue`, `It was promised for ${absolute(dueAt)}.`),
  LoadOverdue: () =>
    act("First load overdue", "It is not complete after 48 hours. It goes on by itself; support was told."),
  LoadCaughtUp: () => good("What was overdue has arrived"),
  BackfillCompleted: () => good("First load complete"),
  BackfillCancelled: () => idle("First load stopped"),

  ConsolidationOpened: () => info("Logins and accounts of the company gathered", "Begun."),
  CredentialAdded: ({ credential }) => info(`Login ${credential.name} added`),
  CredentialCorrected: ({ credential }) => info(`Login ${credential.name} corrected`),
  CredentialRemoved: () => idle("Login removed", "What it was given ended with it."),
  ProviderAccountAdded: ({ account }) => info(`Provider account ${account.name} added`),
  ProviderAccountLinked: () => info("Provider account tied to an account here"),
  ProviderAccountRemoved: () => idle("Provider account removed"),
  AdministratorNamed: () => info("Administrator of a provider account named"),
  AdministrationHandedOver: () =>
    wait("Administration of a provider account handed over", "The former administrator stays as a secondary user."),
  SecondaryAccessGranted: (event) =>
    good(
      "A login was given access to a provider account",
      event.access.source === "seen" ? Messages.text("page.seen-at-provider") : Messages.text("page.as-told")
    ),
  SecondaryAccessRemoved: ({ source }) =>
    wait(
      "A login lost its access to a provider account",
      source === "seen" ? Messages.text("page.seen-at-provider") : Messages.text("page.as-told")
    ),
  LoginObserved: () => info("Looked at what a login reaches"),
  MainAccountChosen: () => info("Main login chosen"),
  PlanShared: ({ expiresAt }) =>
    info("Plan shared by an address", Messages.text("page.good-until", { at: absolute(expiresAt) })),
  PlanShareWithdrawn: () => idle("Shared address of the plan withdrawn"),
  PlanMailed: ({ mail }) => info(`Plan mailed to ${mail.to}`),

  DiagnosisOpened: () => info("Checks begun", "Why the account is missing or limited."),
  FactsObserved: () => info("Checks repeated", "The provider told something new."),
  FactsConfirmed: () => step("Checks repeated", "Nothing changed."),
  CheckAnswered: ({ answer, check }) =>
    info("A check was answered by a person", `${Check.get(check).title}: ${answer.holds ? "yes" : "no"}.`)
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
