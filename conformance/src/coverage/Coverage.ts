/** Which laws are about which method under which condition; where none is, the reason why none applies. */

/** What may be the matter while a method is called. */
export const conditions = [
  "alone",
  "race",
  "outage",
  "crash",
  "restart",
  "foreign organization",
  "clock",
  "limits"
] as const

/** One of the conditions. */
export type Condition = (typeof conditions)[number]

/** The laws of a cell, or in one sentence why none applies. */
export type Cell = ReadonlyArray<string> | string

/** Methods that the same laws are about. */
export interface Row {
  readonly methods: ReadonlyArray<string>
  readonly cells: Readonly<Record<Condition, Cell>>
}

/** What is covered of one port. */
export interface Coverage {
  /** The port's name on the command line. */
  readonly port: string
  readonly rows: ReadonlyArray<Row>
}
