/** What differs between the providers at which a consent begins. */
import type { AccountType, Channel, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import type { Simulator } from "@portolan/simulator"
import type { HttpClient } from "effect/http"

/** Where the installation of a world is reached. */
export const origin = "https://app.example"

/** The sellers that nobody has connected when a world begins. */
export const free = ["nia", "noa", "nils", "nora"] as const

/** A seller, and the person who owns it. */
export type Seller = "olga" | "rita" | (typeof free)[number]

/** Every seller of a world. */
export const sellers: ReadonlyArray<Seller> = ["olga", "rita", ...free]

/**
 * A kind of start. `renew`: our own seller. `new`: one that nobody has, or who came by an earlier start. `foreign`: a
 * rival's seller, by somebody of ours. `twice`: two starts at once, and each callback twice. `resumed`: left somewhere,
 * and begun again. `passed-over`: with an address in it that must never be followed. The others are wrong from the
 * beginning.
 */
export const kinds = [
  "renew",
  "new",
  "foreign",
  "twice",
  "resumed",
  "passed-over",
  "missing-parameter",
  "malformed-seller",
  "foreign-address",
  "other-application",
  "claimed-seller",
  "forged-callback",
  "other-client",
  "other-browser"
] as const
/** A kind of start. */
export type Kind = (typeof kinds)[number]

/** The door of a provider: its page with the button, what it says with its query, and how our adapter is made. */
export interface Door {
  readonly channel: Channel.Channel
  readonly accountType: AccountType.AccountType
  readonly marketplaceId: Marketplace.MarketplaceId
  /** Where the button is, and whose. */
  readonly button: { readonly console: string; readonly page?: string; readonly application: string }
  readonly isDraft: boolean
  /** The parameter of the log-in address that names the seller; undefined where the provider names none. */
  readonly sellerParameter: string | undefined
  /** The parameter of the callback that names the seller. */
  readonly callbackSeller: string
  /** A seller id that nobody has. */
  readonly nobody: string
  /** How often each kind is drawn; a kind that is left out has no meaning here. */
  readonly weights: { readonly [K in Kind]?: number }
  /** What makes a query wrong, by kind; `draw` chooses among ways. */
  readonly changes: { readonly [K in Kind]?: (query: URLSearchParams, draw: number) => void }
  readonly api: (client: HttpClient.HttpClient) => typeof ProviderApi.ProviderApi.Service
}

/** A provider that stands, before our own part. */
export interface Provider {
  readonly simulator: Simulator.Simulator
  readonly door: Door
  readonly idOf: (seller: Seller) => string
}

/** One of these, by a number from 0 to below 1. */
export const pick = <A>(all: readonly [A, ...ReadonlyArray<A>], draw: number): A =>
  all[Math.floor(draw * all.length)] ?? all[0]
