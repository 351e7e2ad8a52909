/** Two reports on one adapter and port, and what is between them. */
import type { Report } from "./Report.ts"
import * as Verdict from "./Verdict.ts"

/** A law whose verdict is another one. */
export interface Difference {
  readonly adapter: string
  readonly port: string
  readonly law: string
  readonly before: Verdict.Verdict["_tag"] | "absent"
  readonly after: Verdict.Verdict["_tag"] | "absent"
  readonly isBetter: boolean
}

const rank = (tag: Difference["before"]) => (tag === "absent" ? -1 : Verdict.tags.indexOf(tag))

/** Lists what changed, law by law. */
export const compare = (before: ReadonlyArray<Report>, after: ReadonlyArray<Report>): ReadonlyArray<Difference> => {
  const verdictsOf = (reports: ReadonlyArray<Report>) =>
    new Map(
      reports.flatMap(({ adapter, port, verdicts }) =>
        verdicts.map(
          ({ law, verdict }) => [JSON.stringify([adapter, port, law]), { adapter, port, law, verdict }] as const
        )
      )
    )
  const [old, young] = [verdictsOf(before), verdictsOf(after)]
  return [...new Map([...old, ...young])].flatMap(([place, { adapter, law, port }]) => {
    const [was, is] = [old.get(place)?.verdict ?? "absent", young.get(place)?.verdict ?? "absent"] as const
    return was === is ? [] : [{ adapter, port, law, before: was, after: is, isBetter: rank(is) > rank(was) }]
  })
}

/** Tells a difference in one line. */
export const line = ({ adapter, after, before, isBetter, law, port }: Difference): string =>
  `${isBetter ? "better" : "worse "}  ${adapter} ${port} ${law}: ${before} -> ${after}`
