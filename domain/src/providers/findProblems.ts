/**
 * What is wrong with the tables of a catalogue: names of a wrong form, names used twice, and rows that name what is not
 * there.
 */
import * as Schema from "effect/Schema"
import { standardDataClasses } from "./dataClasses.ts"
import * as Identifier from "./Identifier.ts"
import type { AccountChannelRow, ProviderTable } from "./ProviderTable.ts"
import { text } from "../messages/Messages.ts"

interface Problem {
  readonly place: string
  readonly detail: string
}

/** Each kind of name with its form and the names that a table declares. */
const names: ReadonlyArray<{
  readonly kind: string
  readonly is: (text: string) => boolean
  readonly of: (table: ProviderTable) => ReadonlyArray<string>
}> = [
  { kind: "provider", is: Schema.is(Identifier.Provider), of: ({ id }) => [id] },
  { kind: "channels", is: Schema.is(Identifier.Channel), of: ({ channels }) => Object.keys(channels) },
  { kind: "accountTypes", is: Schema.is(Identifier.AccountType), of: ({ accountTypes }) => Object.keys(accountTypes) },
  { kind: "regions", is: Schema.is(Identifier.Region), of: ({ regions }) => Object.keys(regions) },
  {
    kind: "marketplaces",
    is: Schema.is(Identifier.MarketplaceId),
    of: (table) => table.marketplaces.map(({ id }) => id)
  },
  { kind: "dataClasses", is: Schema.is(Identifier.DataClass), of: ({ dataClasses = {} }) => Object.keys(dataClasses) }
]

const wrongNames = (tables: ReadonlyArray<ProviderTable>): ReadonlyArray<Problem> =>
  names.flatMap(({ is, kind, of }) => {
    const taken = new Set(kind === "dataClasses" ? Object.keys(standardDataClasses) : [])
    return tables.flatMap((table) =>
      of(table).flatMap((name): ReadonlyArray<Problem> => {
        const place = `${table.id}.${kind}.${name}`
        if (taken.has(name)) return [{ place, detail: text("table.name-taken") }]
        taken.add(name)
        return is(name) ? [] : [{ place, detail: text("table.name-form") }]
      })
    )
  })

const wrongSources = (table: ProviderTable, { sources }: AccountChannelRow, place: string): ReadonlyArray<Problem> =>
  sources.flatMap(({ dataClass, depthDays, lagDays = 0, windowDays }) => [
    ...(dataClass in standardDataClasses || dataClass in (table.dataClasses ?? {})
      ? []
      : [{ place, detail: text("table.no-data-class", { dataClass }) }]),
    ...(depthDays >= 1 && windowDays >= 1 && lagDays >= 0
      ? []
      : [{ place, detail: text("table.depth", { dataClass }) }])
  ])

const wrongAccountTypes = (table: ProviderTable): ReadonlyArray<Problem> =>
  Object.entries(table.accountTypes).flatMap(([type, { channels }]) => {
    const place = `${table.id}.accountTypes.${type}`
    const used = channels.map(({ channel }) => channel)
    return [
      ...(channels.some(({ optional }) => !optional) ? [] : [{ place, detail: text("table.no-required-channel") }]),
      ...(new Set(used).size === used.length ? [] : [{ place, detail: text("table.channel-twice") }]),
      ...used
        .filter((channel) => table.channels[channel] === undefined)
        .map((channel) => ({ place, detail: text("table.no-channel", { channel }) })),
      ...channels.flatMap((row) => wrongSources(table, row, place))
    ]
  })

const wrongRegions = (table: ProviderTable): ReadonlyArray<Problem> =>
  Object.entries(table.regions).flatMap(([region, { partnership }]) => {
    const place = `${table.id}.regions.${region}`
    return [
      ...(table.marketplaces.some((one) => one.region === region)
        ? []
        : [{ place, detail: text("table.no-marketplace") }]),
      ...(partnership === undefined || table.channels[partnership.channel]?.access === "partner"
        ? []
        : [{ place, detail: text("table.not-partnership", { channel: partnership.channel }) }])
    ]
  })

const wrongMarketplaces = (table: ProviderTable): ReadonlyArray<Problem> =>
  table.marketplaces.flatMap(({ countryCode, id, region }) => {
    const place = `${table.id}.marketplaces.${id}`
    return [
      ...(table.regions[region] === undefined ? [{ place, detail: text("table.no-region", { region }) }] : []),
      ...(/^[A-Z]{2}$/u.test(countryCode) ? [] : [{ place, detail: text("table.country-code", { code: countryCode }) }])
    ]
  })

// A channel by partnership that no region looks for would wait for its advertisers without end.
const wrongChannels = (table: ProviderTable): ReadonlyArray<Problem> => {
  const lookedFor = new Set(Object.values(table.regions).map(({ partnership }) => partnership?.channel))
  return Object.entries(table.channels)
    .filter(([channel, { access }]) => access === "partner" && !lookedFor.has(channel))
    .map(([channel]) => ({ place: `${table.id}.channels.${channel}`, detail: text("table.no-region-looks") }))
}

/** Everything that is wrong, in the order of the tables; nothing when they fit together. */
export const findProblems = (tables: ReadonlyArray<ProviderTable>): ReadonlyArray<Problem> => [
  ...wrongNames(tables),
  ...tables.flatMap((table) => [
    ...wrongChannels(table),
    ...wrongAccountTypes(table),
    ...wrongRegions(table),
    ...wrongMarketplaces(table)
  ])
]
