/**
 * Values for properties. What a Schema can derive is derived; pools are small where a property is about things meeting
 * again (the same grant, the same window, the same minute), because two random ids never meet.
 */
import { Catalogue, type DataClass, Day, Id, type Actor, type Profile, type ProviderTable } from "@portolan/domain"
import { Arbitrary, DateTime, Schema } from "effect"

/** Picks one of several arbitraries, each as likely as the next. */
export const oneOf = <A>(...arbitraries: readonly [Arbitrary.Arbitrary<A>, ...ReadonlyArray<Arbitrary.Arbitrary<A>>]) =>
  Arbitrary.flatMap(between(0, arbitraries.length - 1), (index) => arbitraries[index] ?? arbitraries[0])

/** Picks one of several values. */
export const pick = <const A>(...values: readonly [A, ...ReadonlyArray<A>]): Arbitrary.Arbitrary<A> =>
  Arbitrary.map(between(0, values.length - 1), (index) => values[index] ?? values[0])

/** Whole numbers, both ends included. */
export const between = (minimum: number, maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

/** The moment at which the stories of the tests begin: shortly before a leap day. */
export const dawn = DateTime.makeUnsafe("2028-02-27T22:30:00Z")

/** An instant so many hours after `dawn`. */
export const hour = (hours: number): DateTime.Utc => DateTime.add(dawn, { minutes: Math.round(hours * 60) })

/** Instants of the first sixty days after `dawn`, a quarter of an hour apart, so that some coincide. */
export const instants: Arbitrary.Arbitrary<DateTime.Utc> = oneOf(
  Arbitrary.map(between(0, 40), (quarters) => hour(quarters / 4)),
  Arbitrary.map(between(0, 60 * 24), hour)
)

/** Days from 1990 to 2150, with more than their share of month ends, year ends and leap days. */
export const days: Arbitrary.Arbitrary<Day.Day> = oneOf(
  Arbitrary.map(between(7305, 65_742), Day.fromNumber),
  Arbitrary.map(between(1990, 2150), (year) => Day.plus(`${year}-01-01` as Day.Day, -1)),
  Arbitrary.map(between(1990, 2150), (year) => Day.plus(`${year}-03-01` as Day.Day, -1))
)

/** The nth identifier of a kind. */
export const id = <K extends Id.Kind>(kind: K, n = 0): Id.ByKind[K] =>
  Id.make(kind, 1_700_000_000_000 + n, new Uint8Array(10).fill(n))

/** One of three identifiers of a kind. */
export const ids = <K extends Id.Kind>(kind: K): Arbitrary.Arbitrary<Id.ByKind[K]> =>
  Arbitrary.map(between(0, 2), (n) => id(kind, n))

/** A member. */
export const ada: Actor.Actor = { _tag: "Person", personId: id("person"), name: "Ada" }

/** Members, guests and the software. */
export const actors: Arbitrary.Arbitrary<Actor.Actor> = pick<Actor.Actor>(
  ada,
  { _tag: "Guest", invitationId: id("invitation") },
  { _tag: "System", part: "worker" }
)

/** Text of any plane: names in several scripts, and what a Schema makes up. */
export const texts: Arbitrary.Arbitrary<string> = oneOf(
  pick("Kräuter & Söhne", "株式会社ポルトラン", "𠮷野家 🧭", "مرحبا", 'O’Brien "Ltd" \\ </script>'),
  Arbitrary.schema(Schema.NonEmptyString.check(Schema.isMaxLength(40)))
)

/** A key of the advertising channel in the United States; 19 digits exceed what a number holds. */
export const key = (n = 0): Profile.Key => ({
  channel: "amazon-ads",
  region: "NA",
  marketplaceId: "ATVPDKIKX0DER" as Profile.Key["marketplaceId"],
  externalId: `${9_007_199_254_740_993_000n + BigInt(n)}` as Profile.ExternalId
})

/** The advertising profile with `key(n)`. */
export const candidate = (n = 0, permission: "edit" | "view" = "edit"): Profile.Candidate => ({
  _tag: "AdvertisingProfile",
  key: key(n),
  name: `Profile ${n}`,
  countryCode: "US",
  currency: "USD",
  timeZone: "America/Los_Angeles",
  ownerId: `A${n}MERCHANT`,
  type: "seller",
  permission
})

/** One of three advertising profiles, with full or limited rights. */
export const candidates: Arbitrary.Arbitrary<Profile.Candidate> = Arbitrary.map(
  Arbitrary.all([between(0, 2), pick<"edit" | "view">("edit", "view")]),
  ([n, permission]) => candidate(n, permission)
)

/** The key of the nth advertiser at Walmart in the United States. */
export const advertiserKey = (n = 0): Profile.Key => ({
  channel: "walmart-connect",
  region: "WALMART-US",
  marketplaceId: "WALMART_US" as Profile.Key["marketplaceId"],
  externalId: `${5000 + n}` as Profile.ExternalId
})

/** The advertiser with `advertiserKey(n)`. */
export const advertiser = (n = 0, change: Partial<Profile.Advertiser> = {}): Profile.Advertiser => ({
  _tag: "Advertiser",
  key: advertiserKey(n),
  name: `Advertiser ${n}`,
  countryCode: "US",
  currency: "USD",
  type: "walmart-3p",
  permission: "edit",
  ...change
})

/** Sources with the time until they are due that the standard catalogue gives their class. */
export const due = (...rows: ReadonlyArray<ProviderTable.SourceRow>): ReadonlyArray<DataClass.Source> =>
  rows.map((row) => ({ due: Catalogue.standard.dataClasses.get(row.dataClass)!.due, ...row }))

/** Moves every instant inside a value into years that a calendar has; generated ones lie as far as the year 275760. */
export const nearby = <A>(value: A): A => {
  const visit = (part: unknown): unknown => {
    if (DateTime.isDateTime(part)) {
      return DateTime.makeUnsafe(((DateTime.toEpochMillis(part) % 6e12) + 6e12) % 6e12)
    }
    if (Array.isArray(part)) return part.map(visit)
    if (typeof part === "object" && part !== null) {
      return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, visit(inner)]))
    }
    return part
  }
  return visit(value) as A
}

/** Freezes plain objects and arrays to the bottom. Instants cache their parts on themselves and are left alone. */
export const frozen = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !DateTime.isDateTime(value)) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}
