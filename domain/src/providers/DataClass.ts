/**
 * The kinds of data that a first load brings, how far back each reaches, how it is cut into windows, and by when it is
 * due. Deadlines count from finalising the connection (rules K-R15, K-R16, C8).
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { type Catalogue, standard } from "./Catalogue.ts"
import type { AccountType, Channel, DataClass } from "./Identifier.ts"
import type { SourceRow } from "./ProviderTable.ts"

export { DataClass } from "./Identifier.ts"

/** A kind of data that is in the catalogue. */
export const known = (catalogue: Catalogue) => Schema.Literals([...catalogue.dataClasses.keys()])
/** A kind of data that is in the standard catalogue. */
export const Known = known(standard)

/** How a person reads it; its name when the catalogue does not know it. */
export const label = (id: DataClass, catalogue: Catalogue = standard): string =>
  catalogue.dataClasses.get(id)?.label ?? id

/** How a class is loaded through a channel, with the time from finalising until it must be there. */
export interface Source extends SourceRow {
  readonly due: Duration.Duration
}

/** Hours after finalising at which an account that is still not in sync is overdue (rule P-R13). */
export const syncHours = 48

/** Whether a class counts towards "in sync": what is promised later than that does not make an account overdue. */
export const countsForSync = (id: DataClass, catalogue: Catalogue = standard): boolean => {
  const row = catalogue.dataClasses.get(id)
  return row !== undefined && Duration.isLessThanOrEqualTo(row.due, Duration.hours(syncHours))
}

/** What a connection of this channel loads first. Empty when the account type does not use the channel. */
export const sources = (
  channel: Channel,
  type: AccountType,
  catalogue: Catalogue = standard
): ReadonlyArray<Source> => {
  const rows = catalogue.accountTypes.get(type)?.channels.find((one) => one.channel === channel)?.sources ?? []
  return rows.flatMap((row) => {
    const due = row.due ?? catalogue.dataClasses.get(row.dataClass)?.due
    return due === undefined ? [] : [{ ...row, due }]
  })
}
