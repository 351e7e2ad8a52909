/** The whole table, as numbers, as JSON and as a page. */
import { conditions, type Condition, type Coverage } from "./Coverage.ts"
import { provider, scheduler } from "./larger.ts"
import { repository } from "./repository.ts"
import { dataSink, mailer, notifier, secrets, workers } from "./small.ts"
import { vault } from "./vault.ts"

/** What is covered of every port that has laws. */
export const coverages: ReadonlyArray<Coverage> = [
  vault,
  repository,
  workers,
  provider,
  scheduler,
  secrets,
  dataSink,
  mailer,
  notifier
]

/** One method under one condition. */
export interface TableCell {
  readonly port: string
  readonly method: string
  readonly condition: Condition
  readonly laws: ReadonlyArray<string>
  readonly reason?: string
}

/** Every cell, port by port. */
export const cells: ReadonlyArray<TableCell> = coverages.flatMap(({ port, rows }) =>
  rows.flatMap(({ cells: own, methods }) =>
    methods.flatMap((method) =>
      conditions.map((condition): TableCell => {
        const cell = own[condition]
        return typeof cell === "string"
          ? { port, method, condition, laws: [], reason: cell }
          : { port, method, condition, laws: cell }
      })
    )
  )
)

const isEmpty = ({ laws, reason = "" }: TableCell) => laws.length === 0 && reason.trim() === ""

/** How many cells there are, and how they are filled. */
export const figures = (all: ReadonlyArray<TableCell> = cells) => ({
  cells: all.length,
  covered: all.filter(({ laws }) => laws.length > 0).length,
  reasoned: all.filter((cell) => cell.laws.length === 0 && !isEmpty(cell)).length,
  empty: all.filter(isEmpty).length
})

/** The table of one port as Markdown: laws in their cells, reasons under it. */
export const page = (port: string): string => {
  const own = cells.filter((cell) => cell.port === port)
  const methods = [...new Set(own.map(({ method }) => method))]
  const reasons = [...new Set(own.flatMap(({ reason }) => reason ?? []))]
  const textOf = ({ laws, reason }: TableCell) =>
    reason === undefined ? laws.join(" ") : `(${reasons.indexOf(reason) + 1})`
  return [
    `| | ${conditions.join(" | ")} |`,
    `|---|${conditions.map(() => "---|").join("")}`,
    ...methods.map((method) => {
      const row = own.filter((cell) => cell.method === method)
      return `| \`${method}\` | ${row.map(textOf).join(" | ")} |`
    }),
    "",
    ...reasons.map((reason, index) => `${index + 1}. No law: ${reason}.`)
  ].join("\n")
}
