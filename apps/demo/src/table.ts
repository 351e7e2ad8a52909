import { type Flow, rulesOf } from "./Flow.ts"

/** Rules in lines of at most so many characters. */
const folded = (rules: ReadonlyArray<string>, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const rule of rules) {
    const last = lines.at(-1)
    if (last === undefined || last.length + rule.length + 1 > width) lines.push(rule)
    else lines[lines.length - 1] = `${last} ${rule}`
  }
  return lines
}

/** The table at the end of a run: flow, steps, rules covered, whether it is ok, and how long it took. */
export const table = (flows: ReadonlyArray<Flow>): string => {
  const row = ([flow, steps, rules, ok, time]: readonly [string, string, string, string, string]) =>
    `${flow.padEnd(6)}${steps.padStart(5)}  ${rules.padEnd(64)}  ${ok.padEnd(4)}${time.padStart(8)}`.trimEnd()
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
  const all = new Set(flows.flatMap(rulesOf))
  return [
    row(["flow", "steps", "rules covered", "ok", "time"]),
    ...flows.flatMap((one) => {
      const [first = "none", ...others] = folded(rulesOf(one), 64)
      return [
        row([one.flow, String(one.steps.length), first, one.ok ? "yes" : "NO", seconds(one.milliseconds)]),
        ...others.map((rules) => row(["", "", rules, "", ""]))
      ]
    }),
    row([
      "all",
      String(flows.reduce((sum, { steps }) => sum + steps.length, 0)),
      `${all.size} rules`,
      flows.every(({ ok }) => ok) ? "yes" : "NO",
      seconds(flows.reduce((sum, { milliseconds }) => sum + milliseconds, 0))
    ])
  ].join("\n")
}
