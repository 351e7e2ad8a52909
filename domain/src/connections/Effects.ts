/**
 * What pausing, disconnecting, removing and deleting do, shown before a person confirms (rule C14). Each list says what
 * ends, what stays, and how to come back.
 */
import type { DateTime } from "effect"
import * as Account from "../accounts/Account.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import * as Connection from "./Connection.ts"
import { text } from "../messages/Messages.ts"

/** The commands whose effects a page lists. */
export type Deliberate =
  | "pause"
  | "resume"
  | "disconnect"
  | "remove"
  | "restore"
  | "delete-data"
  | "keep-data"
  | "change-company"

/** One effect. `ends` is lost unless it is undone, `stays` is untouched, `starts` is new. */
export interface Effect {
  readonly kind: "ends" | "stays" | "starts"
  readonly text: string
}

const ends = (text: string): Effect => ({ kind: "ends", text })
const stays = (text: string): Effect => ({ kind: "stays", text })
const starts = (text: string): Effect => ({ kind: "starts", text })

/** What pausing, resuming or disconnecting a connection does. */
export const ofConnection = (
  command: Extract<Deliberate, "pause" | "resume" | "disconnect">,
  connection: Connection.Present,
  catalogue: Catalogue = standard
): ReadonlyArray<Effect> => {
  const channel = Channel.label(connection.channel, catalogue)
  const partner = Channel.accessBy(connection.channel, catalogue) === "partner"
  switch (command) {
    case "pause":
      return [
        ends(text("effect.pause-fetching", { channel })),
        stays(text("effect.pause-keeps")),
        stays(text("effect.pause-end"))
      ]
    case "resume":
      return [starts(text("effect.resume-fetching", { channel }))]
    case "disconnect":
      return [
        ends(text("effect.profile-free")),
        partner ? stays(text("effect.partner-stays")) : ends(text("effect.tokens-forgotten")),
        ...(partner ? [] : [ends(text("effect.provider-asked"))]),
        ...(Connection.pendingOf(connection) === undefined ? [] : [ends(text("effect.pending-dropped"))]),
        ends(text("effect.load-stops")),
        stays(text("effect.disconnect-keeps")),
        stays(text("effect.connect-again"))
      ]
  }
}

/** What depends on an organization that is to be closed. */
export interface OrganizationFacts {
  readonly members: number
  readonly keys: number
  /** Connections that are bound to a profile. */
  readonly connections: number
  /** Consents that are in use. */
  readonly consents: number
  /** Until when it can be reopened. */
  readonly until: DateTime.Utc
}

/** What closing an organization does. */
export const ofOrganization = ({
  connections,
  consents,
  keys,
  members,
  until
}: OrganizationFacts): ReadonlyArray<Effect> => [
  ends(text("effect.organization-closed", { until })),
  ends(text("effect.organization-members", { count: members })),
  ...(keys === 0 ? [] : [ends(text("effect.organization-keys", { count: keys }))]),
  ends(text("effect.organization-links")),
  ...(connections + consents === 0
    ? []
    : [ends(text("effect.organization-consents", { connections, consents, until }))]),
  ends(text("effect.organization-erased", { until })),
  stays(text("effect.organization-reopen")),
  stays(text("effect.organization-history"))
]

/** What is under way in a marketplace of an account that is to be taken out. */
export interface MarketplaceFacts {
  /** The marketplace's country, as people read it. */
  readonly country: string
  /** The account's connections there. */
  readonly connections: ReadonlyArray<Connection.Present>
  /** Consents that wait for a choice of profile. */
  readonly waiting: number
  /** Visits to the provider that have not come back yet. */
  readonly started: number
  /** Auth links and requests to connect that can still be followed. */
  readonly links: number
}

/** What taking a marketplace out of an account does. */
export const ofMarketplace = ({
  connections,
  country,
  links,
  started,
  waiting
}: MarketplaceFacts): ReadonlyArray<Effect> => [
  ends(text("effect.marketplace-off", { country })),
  ...(waiting === 1 ? [ends(text("effect.pending-dropped"))] : []),
  ...(waiting > 1 ? [ends(text("effect.marketplace-waiting", { count: waiting }))] : []),
  ...(started === 0 ? [] : [ends(text("effect.marketplace-started", { count: started }))]),
  ...(links === 0 ? [] : [ends(text("effect.marketplace-links", { count: links }))]),
  ...connections.flatMap((one) =>
    one._tag === "AwaitingAccess"
      ? [ends(text("effect.marketplace-expected", { advertiser: one.expected.advertiser }))]
      : []
  ),
  stays(text("effect.marketplace-keeps")),
  stays(text("effect.marketplace-back"))
]

/** What depends on a company that is to be removed or restored. */
export interface CompanyFacts {
  /** Members and keys whose access is limited to the company or its brands. */
  readonly limited: number
  /** Accounts of it that were removed before. */
  readonly removedAccounts: number
  /** Whether somebody began the plan of its main account. */
  readonly hasPlan: boolean
  /** The company that takes over its accounts before it is removed, and how many these are. */
  readonly into?: { readonly company: string; readonly accounts: number }
}

/** What removing or restoring a company does. */
export const ofCompany = (
  command: Extract<Deliberate, "remove" | "restore">,
  { hasPlan, into, limited, removedAccounts }: CompanyFacts
): ReadonlyArray<Effect> => {
  if (command === "restore") return [starts(text("effect.company-restored"))]
  return [
    ends(text("effect.company-off-lists")),
    ...(limited === 0 ? [] : [ends(text("effect.company-limited", { count: limited }))]),
    ...(hasPlan ? [ends(text("effect.company-plan"))] : []),
    ...(into === undefined
      ? []
      : [starts(text("effect.company-merge", into)), starts(text("effect.company-merge-brands", into))]),
    ...(removedAccounts === 0 ? [] : [stays(text("effect.company-removed-accounts", { count: removedAccounts }))]),
    stays(text("effect.company-remove-keeps"))
  ]
}

/** What removing or restoring an account, or deleting its data, does. */
export const ofAccount = (
  command: Extract<Deliberate, "remove" | "restore" | "delete-data" | "keep-data" | "change-company">
): ReadonlyArray<Effect> => {
  switch (command) {
    case "remove":
      return [ends(text("effect.account-off-lists")), stays(text("effect.remove-keeps"))]
    case "restore":
      return [starts(text("effect.account-back"))]
    case "delete-data":
      return [
        ends(text("effect.data-erased", { days: Account.graceDays })),
        stays(text("effect.connecting-calls-off")),
        stays(text("effect.erase-keeps"))
      ]
    case "change-company":
      return [
        ends(text("effect.company-access")),
        ends(text("effect.company-brands")),
        stays(text("effect.company-keeps")),
        stays(text("effect.company-back"))
      ]
    case "keep-data":
      return [stays(text("effect.erasure-off"))]
  }
}
