/**
 * The providers that an installation deals with, as one value: `make` builds it from one table a provider and refuses
 * tables that contradict each other. A function that needs a provider's facts takes a catalogue as its last argument;
 * `standard` is the default.
 *
 * A name that the catalogue does not know has no row. Nothing here guesses: a lookup gives `undefined` or an `Option`,
 * a machine refuses, and a label is the name itself.
 *
 * @example
 * ```ts
 * import { Catalogue } from "@portolan/domain"
 * import { Result } from "effect"
 *
 * const catalogue = Result.getOrThrow(Catalogue.make([...Catalogue.standard.providers, ebay]))
 * ```
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { amazon } from "./amazon.ts"
import { standardDataClasses } from "./dataClasses.ts"
import { findProblems } from "./findProblems.ts"
import { type AccountType, type Channel, type DataClass, MarketplaceId, Provider, Region } from "./Identifier.ts"
import type {
  AccountTypeRow,
  ChannelRow,
  DataClassRow,
  MarketplaceRow,
  ProviderTable,
  RegionRow
} from "./ProviderTable.ts"
import { walmart } from "./walmart.ts"

export { amazon } from "./amazon.ts"
export { define, type ProviderTable } from "./ProviderTable.ts"
export { walmart } from "./walmart.ts"

/** A row with its name and its provider. */
export type Entry<Id, Row> = Row & { readonly id: Id; readonly provider: Provider }

/**
 * One marketplace with everything that a connection needs to know of it. The fields are those of its row, none missing.
 */
export const Marketplace = Schema.Struct({
  id: MarketplaceId,
  provider: Provider,
  region: Region,
  countryCode: Schema.String,
  adsCountryCode: Schema.String,
  country: Schema.String,
  currency: Schema.String,
  timeZone: Schema.String,
  storefront: Schema.String,
  sellerCentral: Schema.String,
  vendorCentral: Schema.String,
  assumed: Schema.Array(Schema.String)
})
export type Marketplace = typeof Marketplace.Type

/** The rows of several providers, by their names. */
export interface Catalogue {
  /** The tables that it was built from, in their order. */
  readonly providers: ReadonlyArray<ProviderTable>
  readonly provider: ReadonlyMap<Provider, ProviderTable>
  readonly channels: ReadonlyMap<Channel, Entry<Channel, ChannelRow>>
  readonly accountTypes: ReadonlyMap<AccountType, Entry<AccountType, AccountTypeRow>>
  readonly regions: ReadonlyMap<Region, Entry<Region, RegionRow>>
  readonly marketplaces: ReadonlyMap<MarketplaceId, Marketplace>
  readonly dataClasses: ReadonlyMap<DataClass, DataClassRow & { readonly id: DataClass }>
}

/** Something in the tables that cannot be true together with the rest. */
export const Problem = Schema.Struct({
  /** The row, e.g. `ebay.accountTypes.ebay-seller`. */
  place: Schema.String,
  /** What is wrong with it, as a sentence. */
  detail: Schema.String
})
export type Problem = typeof Problem.Type

/** The tables contradict themselves or each other. Every problem is listed. */
export class Contradiction extends Schema.TaggedError<Contradiction>()("Contradiction", {
  problems: Schema.NonEmptyArray(Problem)
}) {
  override get message(): string {
    return this.problems.map(({ detail, place }) => `${place}: ${detail}`).join("\n")
  }
}

const entries = <Id extends string, Row>(
  tables: ReadonlyArray<ProviderTable>,
  rows: (table: ProviderTable) => { readonly [id: string]: Row }
): ReadonlyMap<Id, Entry<Id, Row>> =>
  new Map(
    tables.flatMap((table) =>
      Object.entries(rows(table)).map(([id, row]) => [id as Id, { ...row, id: id as Id, provider: table.id }] as const)
    )
  )

const marketplaceOf = (table: ProviderTable, row: MarketplaceRow): Marketplace => ({
  adsCountryCode: row.countryCode,
  sellerCentral: "",
  vendorCentral: "",
  assumed: [],
  ...row,
  id: row.id as MarketplaceId,
  provider: table.id
})

const build = (tables: ReadonlyArray<ProviderTable>): Catalogue => ({
  providers: tables,
  provider: new Map(tables.map((table) => [table.id, table])),
  channels: entries(tables, ({ channels }) => channels),
  accountTypes: entries(tables, ({ accountTypes }) => accountTypes),
  regions: entries(tables, ({ regions }) => regions),
  marketplaces: new Map(
    tables.flatMap((table) =>
      table.marketplaces.map((row) => [row.id as MarketplaceId, marketplaceOf(table, row)] as const)
    )
  ),
  dataClasses: new Map(
    [standardDataClasses, ...tables.map(({ dataClasses = {} }) => dataClasses)].flatMap((rows) =>
      Object.entries<DataClassRow>(rows).map(([id, row]) => [id, { ...row, id }] as const)
    )
  )
})

/** Builds a catalogue from one table a provider. Fails with everything that is wrong with the tables. */
export const make = (tables: ReadonlyArray<ProviderTable>): Result.Result<Catalogue, Contradiction> => {
  const [first, ...more] = findProblems(tables)
  return first === undefined
    ? Result.succeed(build(tables))
    : Result.fail(new Contradiction({ problems: [first, ...more] }))
}

/** The catalogue of this package: Amazon and Walmart. */
export const standard: Catalogue = Result.getOrThrow(make([amazon, walmart]))
