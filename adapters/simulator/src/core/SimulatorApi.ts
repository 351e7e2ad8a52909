/** What a running simulator can do, and what it is made of. */
import type * as ConsentWalk from "./ConsentWalk.ts"
import type { Descriptions } from "../describe/Descriptions.ts"
import type { Entry } from "./Exchange.ts"
import type * as Fault from "./FaultOrder.ts"
import type * as Preset from "../presets/Preset.ts"
import type { WireReply, WireRequest } from "./Wire.ts"
import type * as Walmart from "../walmart/Walmart.ts"
import type { Access, Action as DoAction, AdvertiserOrder, Application, Person, Policy, World } from "./World.ts"

/** What a client signs Walmart Connect calls with. The private key is a test key that every simulator shares. */
export type WalmartPartner = {
  readonly id: string
  readonly name: string
  readonly consumerId: string
  readonly authToken: string
  readonly keyVersion: string
  /** PEM, PKCS#8. */
  readonly privateKey: string
}

/** What a simulator is made of. Everything has a default; `state` wins over `preset`. */
export type Options = {
  /** Fixes every name, id, token and draw. `"1"` unless given. */
  readonly seed?: string | number
  /** A preset's id, or one of your own. `demo` unless given. */
  readonly preset?: string | Preset.Preset
  readonly policy?: Partial<Policy>
  /** Added to the return addresses of every application. */
  readonly returnUrls?: ReadonlyArray<string>
  /** `real` (with an offset that `advance` moves) or `manual` (stands still until advanced). `real` unless given. */
  readonly clock?: "real" | { readonly manual: number | string | Date } | (() => number)
  /** Descriptions of APIs: their operations exist, their requests are checked, the sandbox answers their pairs. */
  readonly descriptions?: Descriptions
  /** Names of this machine beside those of the loopback, under which control answers. */
  readonly names?: ReadonlyArray<string>
  /** A snapshot to go on from. */
  readonly state?: World
  /** Called after anything that may have changed the world. */
  readonly onChange?: () => void
}

/** A world among many, as somebody asks for it. What is left out is as in the simulator that it is made in. */
export type WorldOrder = Pick<Options, "seed" | "preset" | "policy" | "returnUrls" | "clock" | "state"> & {
  /** What it is called; its label unless given. */
  readonly id?: string
  /** After how many minutes without a request it ends; an hour unless given. */
  readonly idleMinutes?: number
}

/** A world among many. */
export type OneWorld = { readonly id: string; readonly simulator: Simulator }

/** Worlds that share a process and nothing else. */
export type Worlds = {
  /** Makes one. Throws `RangeError` for an id that is taken or none, an unknown preset, and too many worlds. */
  readonly create: (order?: WorldOrder) => OneWorld
  /**
   * Makes one that is as another is now, tokens included. Whatever holds these tokens still leads to the first; the
   * copy is reached by its path, its host label or the header. Throws `RangeError` when there is no such world.
   */
  readonly fork: (id: string, as?: string) => OneWorld
  /** The world of an id; undefined when there is none. */
  readonly find: (id: string) => Simulator | undefined
  /** The world whose label stands in a text, such as a token of it; undefined when none does. */
  readonly named: (text: string) => Simulator | undefined
  /** Ends one; false when there was none. */
  readonly end: (id: string) => boolean
  /** How many there are. */
  readonly count: () => number
  /** Every world, oldest first. */
  readonly list: () => ReadonlyArray<OneWorld>
}

/** A simulator. */
export type Simulator = {
  /**
   * Answers a request to a real address (`https://HOST/path`) or to a mapped one (`BASE/HOST/path`). Rejects only
   * where a fault breaks the connection.
   */
  readonly fetch: (request: Request) => Promise<Response>
  /** The same without `fetch`'s classes: the pure core. */
  readonly answer: (request: WireRequest) => WireReply
  /** The world as it is now. Read only: write through the methods below. */
  readonly world: () => World
  /** What is known of APIs beside the rules. */
  readonly descriptions: Descriptions
  /** Names of this machine under which control answers, beside those of the loopback. */
  readonly names: ReadonlySet<string>
  /** Further worlds of the same process; a world among them has the same ones. */
  readonly worlds: Worlds
  /** Provider time in milliseconds. */
  readonly now: () => number
  /** Moves provider time forward by milliseconds and runs everything due on the way. Backwards is refused. */
  readonly advance: (milliseconds: number) => number
  /**
   * Does something to the world now, or after some milliseconds of provider time. Says how many things it touched; 0
   * when it named nothing. Throws `NotUnderstood`, a `RangeError`, for a part or a value that no action has.
   */
  readonly act: (action: DoAction, afterMilliseconds?: number) => number
  /**
   * Revokes consents: of a person, a grant, an application, a seller or vendor account, or any mixture of these. A text
   * is a person or a grant id.
   */
  readonly revoke: (
    which:
      | string
      | { readonly person?: string; readonly grant?: string; readonly application?: string; readonly account?: string }
  ) => number
  /** Sets what a person may do with a profile, or with all profiles of an account. */
  readonly setPermission: (person: string, profileOrAccount: string, access: Access | "none") => number
  /** Starts advertising: creates a campaign; a profile that was never active appears after the policy's delay. */
  readonly addCampaign: (profile: string) => number
  /** The next `count` reports will fail. */
  readonly failReports: (count: number) => void
  /** Allows a return address for every application. */
  readonly registerReturnUrl: (url: string) => number
  /** Sets the log-in address of every application at Amazon, or at Walmart. */
  readonly registerLoginUri: (url: string, provider?: "amazon" | "walmart") => number
  /**
   * Presses "Authorize" or "Re-authorize" in a console like a browser, or "Connect" in Walmart's App Store, and gives
   * the log-in address that opens, with the browser's cookie. Rejects with `NoCallback` when the provider refuses.
   */
  readonly begin: (order: ConsentWalk.BeginOrder) => Promise<ConsentWalk.Begun>
  /**
   * Walks a consent page like a browser and gives the callback address. Rejects with `NoCallback` when there is none.
   */
  readonly consent: (order: ConsentWalk.Order) => Promise<string>
  /** Walks a consent page like a browser and tells how it ended. */
  readonly walk: (order: ConsentWalk.Order) => Promise<ConsentWalk.Outcome>
  /** The application with the first place in the preset: client id, secret and the rest. */
  readonly application: () => Application
  /** Credentials of our API partner at Walmart Connect. */
  readonly walmartPartner: () => WalmartPartner
  /** The application at Walmart Marketplace: client id, secret, redirect addresses. */
  readonly walmartApplication: () => Walmart.Application
  /** A Walmart advertiser by id, or by a name that only one has. Throws for an unknown one. */
  readonly walmartAdvertiser: (idOrName: string) => Walmart.Advertiser
  /** A Walmart marketplace seller by id, or by the name of the first that has it. Throws for an unknown one. */
  readonly walmartSeller: (idOrName: string) => Walmart.Seller
  /** Adds or changes a partner (ours unless told) at an advertiser, as its account admin would; `none` removes it. */
  readonly setWalmartAccess: (advertiser: string, access: Walmart.AccessType | "none", partner?: string) => number
  /** Puts a new advertiser into the world, without any partner; gives it back. */
  readonly addWalmartAdvertiser: (order: AdvertiserOrder) => Walmart.Advertiser
  /** Says that an advertiser reached its spend limit, or no longer has. */
  readonly setWalmartSpendLimit: (advertiser: string, reached: boolean) => number
  /** People by id. Throws for an unknown one. */
  readonly person: (id: string) => Person
  /** Every request so far, oldest first. */
  readonly journal: () => ReadonlyArray<Entry>
  /**
   * Makes the next matching requests fail as ordered; gives the fault as it stands, by whose `id` it is taken back.
   * Throws `RangeError` for an order that names what there is not.
   */
  readonly arm: (order: Fault.Order) => Fault.Fault
  /** Takes back one order of faults, or all of them. */
  readonly disarm: (id?: string) => void
  /** Begins again with the preset and seed of the start. */
  readonly reset: () => void
  /** An exact copy of the world, plain data. */
  readonly snapshot: () => World
  /** Puts a world back that `snapshot` gave earlier. */
  readonly restore: (state: World) => void
}
