import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { portRunners } from "../src/cli/portRunners.ts"
import { cells, coverages, figures } from "../src/coverage/table.ts"

const folder = new URL("../../ports/src/driven/", import.meta.url)

/** The methods that `Repository` takes from another file. */
const ofLoads = [...readFileSync(new URL("LoadReads.ts", folder), "utf8").matchAll(/^  readonly (\w+): \(/gm)].map(
  ([, method]) => `Repository.${method}`
)

/** Every method of every driven port, as `Port.method`. */
const declared = readdirSync(folder).flatMap((file) =>
  [
    ...readFileSync(new URL(file, folder), "utf8").matchAll(
      /^export class (\w+) extends Context\.Service[^]*?^>\(\)\(/gm
    )
  ].flatMap(([body, name]) => [...body.matchAll(/^    readonly (\w+)/gm)].map(([, method]) => `${name}.${method}`))
)

const methods = [...declared, ...ofLoads]

const serviceOf = (method: string) => method.slice(0, method.indexOf("."))

describe("the table of methods and conditions", () => {
  test("has no empty cell", () => {
    expect(figures()).toMatchObject({ empty: 0, cells: cells.length })
    expect(figures([...cells, { port: "x", method: "x", condition: "alone", laws: [] }]).empty).toBe(1)
    const { cells: all, covered, reasoned } = figures()
    expect(covered + reasoned).toBe(all)
  })

  test("has a row for each method of a port with laws, and no other", () => {
    const rows = coverages
      .flatMap(({ rows: own }) => own.flatMap((row) => row.methods))
      .filter((row) => !row.includes(" "))
    const services = new Set(rows.map(serviceOf))
    expect(rows.toSorted()).toEqual(methods.filter((method) => services.has(serviceOf(method))).toSorted())
    expect(coverages.map(({ port }) => port)).toEqual(portRunners.map(({ name }) => name))
  })

  test.each(portRunners.map((portRunner) => [portRunner.name, portRunner] as const))(
    "names laws of %s that there are, and each of them",
    (port, { laws }) => {
      const named = new Set(cells.filter((cell) => cell.port === port).flatMap((cell) => cell.laws))
      const known = new Set(laws.map(({ id }) => id))
      expect([...named].filter((id) => !known.has(id))).toEqual([])
      expect([...known].filter((id) => !named.has(id))).toEqual([])
    }
  )

  test.each(portRunners.map((portRunner) => [portRunner.name, portRunner] as const))(
    "gives no reason against a law of %s that is about the method",
    (port, { laws }) => {
      const against = laws.flatMap(({ id, parts, see }) =>
        parts.flatMap(({ kind, needs }) => {
          const isRace = kind === "race" && needs.includes("overlap")
          const condition = isRace ? "race" : needs.includes("outage") ? "outage" : undefined
          return cells
            .filter((cell) => cell.port === port && cell.condition === condition && see.includes(cell.method))
            .filter(({ reason }) => reason !== undefined)
            .map(({ method }) => `${id}: ${method} ${condition}`)
        })
      )
      expect(against).toEqual([])
    }
  )
})
