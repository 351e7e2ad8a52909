/** What the list of connections can be narrowed to. */
import { type Channel, type Connection, type Evidence, type Id, type Marketplace, Messages } from "@portolan/domain"
import { searchField } from "../../page/companyChoice.ts"
import { words } from "../../messages/words.ts"

type States = ReadonlyArray<Connection.Present["_tag"]>

/** What the list can be narrowed to: each status of `Evidence`, and those that need attention. */
export const statusFilters = {
  "": { label: words.connections.anyStatus, states: undefined },
  attention: { label: words.connections.needsAttention, states: ["ReauthorizationNeeded", "Limited"] },
  connected: { label: Messages.text("status.connected"), states: ["Connected"] },
  limited: { label: Messages.text("status.limited"), states: ["Limited"] },
  "reauthorization-needed": {
    label: Messages.text("status.reauthorization-needed"),
    states: ["ReauthorizationNeeded"]
  },
  paused: { label: Messages.text("status.paused"), states: undefined },
  "awaiting-selection": { label: words.connections.choiceAwaited, states: ["AwaitingSelection"] },
  "awaiting-access": { label: Messages.text("status.awaiting-access"), states: ["AwaitingAccess"] },
  "not-connected": { label: Messages.text("status.not-connected"), states: ["Proposed"] },
  disconnected: { label: Messages.text("status.disconnected"), states: ["Disconnected"] },
  withdrawn: { label: Messages.text("status.withdrawn"), states: ["Withdrawn"] }
} as const satisfies {
  readonly [S in Evidence.Status | "" | "attention"]: { readonly label: string; readonly states: States | undefined }
}

/** Days until the end of a consent that can be asked for. */
export const horizons = [7, 30, 90] as const

/** What the list is narrowed to. */
export interface ListQuery {
  readonly state: keyof typeof statusFilters
  readonly channel: Channel.Channel | undefined
  readonly companyId: Id.CompanyId | undefined
  readonly marketplaceId: Marketplace.MarketplaceId | undefined
  readonly ends: (typeof horizons)[number] | undefined
  /** What companies are searched for, to choose one. */
  readonly search: string
  readonly isAllChosen: boolean
  readonly cursor: string
}

/** What the list is narrowed to, as texts of an address. */
export const queryTexts = ({
  channel,
  companyId,
  cursor,
  ends,
  marketplaceId,
  search,
  state
}: ListQuery): { readonly [key: string]: string } => ({
  state,
  channel: channel ?? "",
  company: companyId ?? "",
  [searchField]: search,
  marketplace: marketplaceId ?? "",
  ends: ends === undefined ? "" : String(ends),
  cursor
})
