/**
 * Every event, and how a person takes it back who caused it by mistake. The table of the README is made of these rows;
 * `Undo.test.ts` walks them.
 */
import type { Aggregate } from "@portolan/domain"

/** An event with the command that takes it back. `again`: the same command with what was before. */
export interface UndoRow {
  readonly undo: string
  /** What stays different, or what to know; nothing for an undo that leaves no trace. */
  readonly note?: string
}

/** An event that needs no way back, and why. */
export interface NoUndo {
  readonly because: string
}

const byItself = { because: "The software notes it; nobody causes it by mistake." }
const atProvider = { because: "It happened at the provider, or shows what is there." }
const ended = (how: string): UndoRow => ({ undo: how, note: "What ended stays on record; the next one is new." })

/** The rows, by kind of aggregate and event. */
export const undoTable = {
  organization: {
    OrganizationFounded: { undo: "Close", note: "It can be reopened for 30 days; then its data is erased." },
    OrganizationRenamed: { undo: "Rename" },
    OwnershipOffered: { undo: "EndOffer" },
    OwnershipOfferEnded: { undo: "OfferOwnership" },
    OwnershipHandedOver: { undo: "OfferOwnership, AcceptOwnership", note: "By the new owner, to the former one." },
    ClosingScheduled: { undo: "Reopen", note: "All is as it was; an offer of the ownership ended." },
    OrganizationReopened: { undo: "Close" },
    OrganizationClosed: { because: "It is told thirty days before and can be called off until then (rule C14)." }
  },
  member: {
    MemberInvited: { undo: "Withdraw" },
    InvitationMailed: { undo: "Withdraw" },
    InvitationBounced: byItself,
    MemberJoined: { undo: "Leave" },
    MemberAccessChanged: { undo: "ChangeAccess" },
    MailPreferencesChanged: { undo: "ChangeMailPreferences" },
    CalendarFeedChanged: { undo: "ChangeCalendarFeed" },
    NewsCollected: byItself,
    NewsMailed: byItself,
    MemberLeft: ended("Invite, Accept")
  },
  apiKey: { ApiKeyCreated: { undo: "Revoke" }, ApiKeyRevoked: ended("Create") },
  advertiser: {
    AdvertiserDiscovered: atProvider,
    AdvertiserChanged: atProvider,
    AdvertiserMissed: atProvider,
    AdvertiserLost: atProvider,
    AdvertiserReturned: atProvider,
    AdvertiserAssigned: { undo: "Unassign" },
    AdvertiserUnassigned: { undo: "Assign" }
  },
  awaited: { AdvertiserAwaited: byItself, AwaitingSettled: byItself },
  incident: {
    RefusalsSeen: byItself,
    IncidentOpened: { undo: "Close", note: "It opens again when the trouble is met again." },
    IncidentGrew: byItself,
    IncidentSeen: byItself,
    IncidentNotified: byItself,
    IncidentClosed: { because: "It opens again by itself when the trouble is met again." }
  },
  company: {
    CompanyAdded: { undo: "Remove", note: "Once its accounts are in another company; it can be put back." },
    CompanyRenamed: { undo: "Rename" },
    BrandAdded: { undo: "RemoveBrand" },
    BrandRenamed: { undo: "RenameBrand" },
    BrandRemoved: { undo: "AddBrand", note: "Under a new id; no account had it." },
    CompanyRemoved: { undo: "Restore" },
    CompanyRestored: { undo: "Remove" }
  },
  account: {
    AccountOpened: { undo: "Remove", note: "It is off the lists and can be put back." },
    AccountRenamed: { undo: "Rename" },
    BrandsAssigned: { undo: "AssignBrands" },
    AccountCompanyChanged: { undo: "ChangeCompany" },
    MarketplaceAdded: { undo: "RemoveMarketplace", note: "Its connections leave the lists; their history stays." },
    MarketplaceRemoved: { undo: "AddMarketplace", note: "Its connections come back with their history." },
    MarketplaceChanged: { undo: "ChangeMarketplace" },
    AccountRemoved: { undo: "Restore" },
    AccountRestored: { undo: "Remove" },
    DeletionScheduled: { undo: "KeepData" },
    DeletionCalledOff: { undo: "DeleteData" },
    DataErased: { because: "It is told seven days before and can be called off until then (rule C14)." }
  },
  connection: {
    ConnectionProposed: byItself,
    ConnectionMoved: { undo: "Move" },
    ConnectionCompanyChanged: { undo: "ChangeCompany" },
    AccessExpected: { undo: "DropExpectation" },
    AccessOverdue: byItself,
    AccessNoted: byItself,
    ExpectationDropped: { undo: "ExpectAccess" },
    SelectionAwaited: { undo: "DropSelection" },
    SelectionDropped: ended("AwaitSelection"),
    Linked: { undo: "Disconnect", note: "The profile is free again; another one can be linked." },
    Renewed: { undo: "Link", note: "With the former consent, while it lives." },
    ConnectionPaused: { undo: "Resume" },
    ConnectionResumed: { undo: "Pause" },
    Proven: atProvider,
    LimitFound: atProvider,
    LimitLifted: atProvider,
    IdentityJudged: { because: "What the provider says of a consent is a fact; a later consent replaces it." },
    GrantLost: atProvider,
    Disconnected: { undo: "Link", note: "After a new consent; account, data and history stayed." },
    ConnectionWithdrawn: { undo: "Reinstate", note: "What it waited for ended; it can be asked for again." },
    ConnectionReinstated: { undo: "Withdraw" }
  },
  authorization: {
    AuthorizationStarted: { because: "It ends by itself after fifteen minutes." },
    CallbackReceived: atProvider,
    ConsentDeclined: ended("Start"),
    ConsentRecorded: { undo: "Dismiss" },
    CandidatesFound: atProvider,
    ProfileSelected: { undo: "Disconnect", note: "On the connection, which can be linked again." },
    AuthorizationFailed: byItself,
    AuthorizationExpired: byItself,
    AuthorizationDismissed: ended("Start")
  },
  invitation: {
    LinkIssued: { undo: "Revoke" },
    RequestMailedAgain: { undo: "Revoke" },
    RequestReminded: byItself,
    RequestObjected: { undo: "Follow", note: "Whoever said so goes on all the same." },
    RequestBounced: byItself,
    LinkFollowed: atProvider,
    LinkAttemptEnded: byItself,
    LinkUsed: { undo: "Disconnect", note: "On the connection." },
    LinkRevoked: ended("Issue"),
    LinkExpired: byItself
  },
  grant: {
    GrantRecorded: atProvider,
    AdvertiserSeen: atProvider,
    GrantHandedOver: { undo: "HandOver" },
    GrantIdentityJudged: { because: "What the provider says of a consent is a fact; a later consent replaces it." },
    GrantEnded: { because: "Its connections are disconnected first, with the effects told (rule C14)." },
    RevocationRecorded: { undo: "RecordRevocation", note: "A revocation that failed is done later, by hand." }
  },
  backfill: {
    BackfillPlanned: { undo: "Cancel" },
    BackfillExtended: { undo: "Cancel" },
    ClassCompleted: byItself,
    DeadlineMissed: byItself,
    LoadOverdue: byItself,
    LoadCaughtUp: byItself,
    RoundPlanned: byItself,
    LoadRetried: { because: "Asking again costs a request, and takes nothing away." },
    BackfillCompleted: byItself,
    BackfillCancelled: { undo: "Plan" }
  },
  window: {
    WindowPlanned: byItself,
    WindowRequested: byItself,
    WindowRestarted: byItself,
    WindowResumed: byItself,
    WindowRefused: byItself,
    WindowLookedEmpty: byItself,
    WindowLoaded: byItself,
    WindowSkipped: byItself,
    WindowBlocked: { undo: "Resume", note: "A plan does it when the consent is renewed, and `Retry` of the load does." }
  },
  consolidation: {
    ConsolidationOpened: byItself,
    CredentialAdded: { undo: "RemoveCredential" },
    CredentialCorrected: { undo: "CorrectCredential" },
    CredentialRemoved: ended("AddCredential"),
    ProviderAccountAdded: { undo: "RemoveProviderAccount" },
    ProviderAccountLinked: { undo: "UnlinkProviderAccount" },
    ProviderAccountUnlinked: { undo: "LinkProviderAccount" },
    ProviderAccountRemoved: ended("AddProviderAccount"),
    AdministratorNamed: { undo: "CorrectAdministrator" },
    AdministratorCorrected: { undo: "CorrectAdministrator" },
    AdministrationHandedOver: { undo: "CorrectAdministrator", note: "When it was never handed over." },
    SecondaryAccessGranted: { undo: "Withdraw" },
    SecondaryAccessRemoved: { undo: "Grant" },
    LoginObserved: atProvider,
    MainAccountChosen: { undo: "ChooseMain" },
    PlanShared: { undo: "WithdrawShare" },
    PlanShareWithdrawn: { undo: "Share", note: "At another address." },
    PlanMailed: { undo: "WithdrawShare" }
  },
  diagnosis: {
    DiagnosisOpened: byItself,
    FactsObserved: atProvider,
    FactsConfirmed: atProvider,
    CheckAnswered: { undo: "Answer" }
  }
} as const satisfies {
  readonly [K in Aggregate.Kind]: { readonly [T in Aggregate.Types[K]["event"]["_tag"]]: UndoRow | NoUndo }
}

/** The table as the README shows it: events that a person can cause by mistake. */
export const undoLines = (): ReadonlyArray<string> => [
  "| event | taken back by | note |",
  "|---|---|---|",
  ...Object.entries(undoTable).flatMap(([kind, rows]) =>
    Object.entries<UndoRow | NoUndo>(rows).flatMap(([event, row]) =>
      "undo" in row
        ? [
            `| \`${event}\` of ${kind} | ${row.undo
              .split(", ")
              .map((one) => `\`${one}\``)
              .join(", then ")} | ${row.note ?? ""} |`
          ]
        : []
    )
  )
]
