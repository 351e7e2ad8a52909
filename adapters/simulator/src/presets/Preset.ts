/**
 * Presets are data: who exists, what they own, what they may do. `build` makes a world of one, with ids out of the
 * seed.
 */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import * as Rotation from "../amazon/Rotation.ts"
import * as Action from "../core/Action.ts"
import * as Random from "../core/Random.ts"
import type { Access, Clock, Person, Policy, Profile, Region, World } from "../core/World.ts"
import * as Worlds from "../core/World.ts"
import * as Walmart from "./Walmart.ts"

type Advertising = {
  /** `active` unless said otherwise; `never` makes profiles that the API does not show yet. */
  readonly ads?: "active" | "never" | "none"
  readonly payment?: boolean
  readonly campaigns?: ReadonlyArray<string>
  readonly subType?: "KDP_AUTHOR"
}

/** An account by its key; marketplaces are country codes. */
export type AccountRow = Advertising & {
  readonly key: string
  readonly kind: "seller" | "vendor" | "agency"
  readonly name: string
  readonly region: Region
  readonly countries: ReadonlyArray<string>
  /** Countries whose listings are suspended. */
  readonly suspended?: ReadonlyArray<string>
  readonly skuCount?: number
}

/** A person. Lists hold account keys; `edit` and `view` also take `key:COUNTRY`. */
export type PersonRow = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly owns?: ReadonlyArray<string>
  readonly delegateOf?: ReadonlyArray<string>
  readonly memberOf?: ReadonlyArray<string>
  readonly edit?: ReadonlyArray<string>
  readonly view?: ReadonlyArray<string>
}

/** A named situation. */
export type Preset = {
  readonly id: string
  readonly title: string
  readonly accounts: ReadonlyArray<AccountRow>
  readonly people: ReadonlyArray<PersonRow>
  readonly policy?: Partial<Policy>
  /** Revocations to come: who, after how many days. */
  readonly revocations?: ReadonlyArray<{ readonly person: string; readonly afterDays: number }>
  readonly walmart?: Walmart.WalmartRows
}

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

const marketplaceOf = (country: string): string => Option.getOrThrow(Marketplace.findByCountry("amazon", country)).id

/** Every second id is an odd number above 2^53, which a double cannot hold. */
const profileId = (seed: string, text: string, serial: number): string => {
  const n = Random.digest(seed, `profile/${text}`).readBigUInt64BE()
  return serial % 2 === 0
    ? String(1_000_000_000_001n + (n % 900_000_000_000_000n))
    : String((9_007_199_254_740_993n + (n % 992_800_745_259_006n)) | 1n)
}

/** The id of a seller or vendor account of a preset. Sellers: a merchant token; vendors: a vendor group code. */
export const accountId = (seed: string, row: Pick<AccountRow, "key" | "kind">): string =>
  row.kind === "seller"
    ? `A${Random.letters(seed, `seller/${row.key}`, 13, upper)}`
    : Random.letters(seed, `vendor/${row.key}`, 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

const addProfiles = (world: World, row: AccountRow): void => {
  if (row.ads === "none") return
  const entity = `ENTITY${Random.letters(world.seed, `entity/${row.key}`, 13, upper)}`
  for (const country of row.countries) {
    const marketplaceId = marketplaceOf(country)
    const id = profileId(world.seed, `${row.key}/${country}`, Object.keys(world.profiles).length)
    const profile: Profile = {
      id,
      type: row.kind,
      subType: row.subType ?? null,
      accountId: row.kind === "seller" ? accountId(world.seed, row) : entity,
      accountName: row.name,
      marketplaceId,
      region: row.region,
      validPaymentMethod: row.payment ?? true,
      dailyBudget: row.kind === "seller" ? "999999999" : null,
      visibleFrom: row.ads === "never" ? null : 0
    }
    world.profiles[id] = profile
    if (row.kind === "agency" || row.ads === "never") continue
    world.campaigns[id] = (row.campaigns ?? ["Lanterns, broad", "Spring range", "Brand defence"]).map(
      (name, index) => ({
        id: String(100_000_000_000_000 + Random.hash32(`${world.seed}/campaign/${id}/${index}`) * 100 + index),
        name,
        state: index === 2 ? ("PAUSED" as const) : ("ENABLED" as const),
        targetingType: index === 0 ? ("AUTO" as const) : ("MANUAL" as const),
        startDate: ["2023-02-01", "2024-03-15", "2025-01-10"][index % 3] ?? "2024-01-01",
        budget: String(15 + index * 10)
      })
    )
  }
}

const addAccount = (world: World, row: AccountRow): void => {
  const id = accountId(world.seed, row)
  const marketplaces = row.countries.map(marketplaceOf)
  if (row.kind === "seller") {
    world.sellers[id] = {
      id,
      kind: "seller",
      key: row.key,
      name: row.name,
      region: row.region,
      active: true,
      skuCount: row.skuCount ?? 120,
      participations: row.countries.map((country) => ({
        marketplaceId: marketplaceOf(country),
        isParticipating: true,
        hasSuspendedListings: row.suspended?.includes(country) ?? false
      }))
    }
  } else if (row.kind === "vendor")
    world.vendors[id] = {
      id,
      kind: "vendor",
      key: row.key,
      name: row.name,
      region: row.region,
      marketplaces,
      active: true
    }
  addProfiles(world, row)
}

/** Profiles an account key, or `key:COUNTRY`, stands for. */
const profilesOf = (world: World, preset: Preset, reference: string): ReadonlyArray<Profile> => {
  const [key, country] = reference.split(":")
  const row = preset.accounts.find((one) => one.key === key)
  if (row === undefined) throw new Error(`preset ${preset.id} names the unknown account ${reference}`)
  const entity =
    row.kind === "seller"
      ? accountId(world.seed, row)
      : `ENTITY${Random.letters(world.seed, `entity/${row.key}`, 13, upper)}`
  return Object.values(world.profiles).filter(
    (profile) =>
      profile.accountId === entity && (country === undefined || profile.marketplaceId === marketplaceOf(country))
  )
}

const addPerson = (world: World, preset: Preset, row: PersonRow): void => {
  const ids = (keys: ReadonlyArray<string> = []) =>
    keys.map((key) => {
      const account = preset.accounts.find((one) => one.key === key)
      if (account === undefined) throw new Error(`preset ${preset.id} names the unknown account ${key}`)
      return accountId(world.seed, account)
    })
  const profiles: Record<string, Access> = {}
  const give = (references: ReadonlyArray<string> = [], access: Access) => {
    for (const reference of references)
      for (const profile of profilesOf(world, preset, reference)) profiles[profile.id] = access
  }
  give(row.view, "view")
  give(row.edit, "edit")
  const person: Person = {
    id: row.id,
    name: row.name,
    email: `${row.id}@people.example`,
    role: row.role,
    userId: `amzn1.account.${Random.letters(world.seed, `person/${row.id}`, 28, upper)}`,
    memberships: [
      ...ids(row.owns).map((account) => ({ account, primary: true, mayAuthorize: true })),
      ...ids(row.delegateOf).map((account) => ({ account, primary: false, mayAuthorize: true })),
      ...ids(row.memberOf).map((account) => ({ account, primary: false, mayAuthorize: false }))
    ],
    profiles
  }
  world.people[row.id] = person
}

/** Return addresses that every application of a preset has from the start. */
export const returnUrls: ReadonlyArray<string> = ["https://app.example/callback", "http://localhost:8080/callback"]

const addApplications = (world: World, extra: ReadonlyArray<string>): void => {
  const rows = [
    { name: "Portolan", adsApproved: true, draft: false, sp: true, urls: [...returnUrls, ...extra] },
    {
      name: "Draft application",
      adsApproved: false,
      draft: true,
      sp: true,
      urls: ["https://draft.example/callback", ...extra]
    }
  ]
  for (const row of rows) {
    const digest = Random.digest(Worlds.key(world), `client/${row.name}`).toString("hex").slice(0, 32)
    const clientId = `amzn1.application-oa2-client.${Worlds.labelled(world, digest)}`
    const solution = Worlds.labelled(world, Random.uuid(Worlds.key(world), `solution/${row.name}`))
    world.applications[clientId] = {
      clientId,
      clientSecret: Rotation.secret(world, clientId),
      previousSecret: null,
      secretExpiresAt: null,
      name: row.name,
      returnUrls: [...new Set(row.urls)],
      adsApproved: row.adsApproved,
      draft: row.draft,
      spApplicationId: row.sp ? `amzn1.sp.solution.${solution}` : null,
      loginUri: "https://app.example/login",
      consentLimit: null,
      roles: [
        "Product Listing",
        "Pricing",
        "Amazon Fulfillment",
        "Inventory and Order Tracking",
        "Selling Partner Insights",
        "Brand Analytics",
        "Finance and Accounting"
      ]
    }
  }
}

/** What a world is made with beside its preset. */
export type Making = {
  readonly seed: string
  readonly clock: Clock
  readonly policy?: Partial<Policy>
  readonly returnUrls?: ReadonlyArray<string>
  /** What the credentials of a world among many hold. */
  readonly label?: string
}

/** Makes the world of a preset. The same seed makes the same world, whatever the time. */
export const build = (preset: Preset, making: Making): World => {
  const { clock, label, policy = {}, returnUrls: extraReturnUrls = [], seed } = making
  const wrong = extraReturnUrls.find((url) => !Action.isReturnUrl(url))
  if (wrong !== undefined) throw new RangeError(`${wrong.slice(0, 100)} is not an absolute http or https address`)
  const empty = Worlds.empty(seed, preset.id, clock, { ...preset.policy, ...policy })
  const world = label === undefined ? empty : { ...empty, label }
  addApplications(world, extraReturnUrls)
  Walmart.build(world, preset.walmart ?? {}, [...returnUrls, ...extraReturnUrls])
  for (const row of preset.accounts) addAccount(world, row)
  for (const row of preset.people) addPerson(world, preset, row)
  for (const { person, afterDays } of preset.revocations ?? [])
    Action.schedule(world, clock.last + afterDays * 86_400_000, { kind: "revoke", person })
  return world
}

/** A world from before Walmart was simulated, with what a preset has there, and the people it lacks. */
export const withWalmart = (preset: Preset | undefined, old: World): World => {
  const world = { ...old, walmart: Worlds.empty("", "", old.clock).walmart }
  Walmart.build(world, preset?.walmart ?? {}, returnUrls)
  for (const row of preset?.people ?? []) {
    if (preset !== undefined && !Object.hasOwn(world.people, row.id)) addPerson(world, preset, row)
  }
  return world
}
