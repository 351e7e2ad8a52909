/** The domain is values and pure functions: no clock, no randomness, no promise, no Effect. */
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"

const source = new URL("../src/", import.meta.url)
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"))
const text = (name: string) => readFileSync(new URL(name, source), "utf8")

/** Modules of `effect` that are values and functions over values. */
const pure = new Set([
  "Array",
  "DateTime",
  "Duration",
  "Option",
  "Order",
  "Redacted",
  "Result",
  "Schema",
  "SchemaGetter"
])

describe("the domain's source", () => {
  it("imports nothing but itself and the pure part of effect", () => {
    const alien = files.flatMap((name) =>
      [...text(name).matchAll(/^(?:import|export)\s+(?:type\s+)?([^"'=]*?)\s*from\s*"([^"]+)"/gm)].flatMap(
        ([, names = "", from = ""]) => {
          if (/^(?:\.|\.\.(?:\/\.\.)*)\/(?:[A-Za-z]+\/)*[A-Za-z]+\.ts$/.test(from)) return []
          const module = /^effect\/(\w+)$/.exec(from)?.[1]
          if (module !== undefined) return pure.has(module) ? [] : [`${name} imports ${module} of effect`]
          if (from !== "effect") return [`${name} imports ${from}`]
          return names
            .replace(/[{}]/g, "")
            .split(",")
            .map((one) => one.replace("type ", "").trim())
            .filter((one) => one !== "" && !pure.has(one))
            .map((one) => `${name} imports ${one} of effect`)
        }
      )
    )
    expect(alien).toEqual([])
  })

  // What is imported from "effect" loads all of it, twice as many modules; types load nothing.
  it("loads the modules of effect that it uses, and not all of them", () => {
    const whole = files.filter((name) => /^(?:import|export)\s+(?!type\b)[^"]*from\s*"effect"/m.test(text(name)))
    expect(whole).toEqual([])
    expect(
      files.filter((name) => /^import \* as Schema from "effect\/Schema"$/m.test(text(name))).length
    ).toBeGreaterThan(20)
  })

  it("reads no clock, no dice and no environment", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|Math\.random|\bperformance\b|\bprocess[.[]|\bcrypto\b|\bsetTimeout\b|\bfetch\(|DateTime\.(now|unsafeNow|nowUnsafe)|\bawait\b|\bPromise\b|\bconsole\.\w+\(/
    const found = files.flatMap((name) =>
      text(name)
        .split("\n")
        .map((line) => line.replace(/\/\/.*|^\s*\*.*|\/\*\*.*/, ""))
        .flatMap((line, index) => (impure.test(line) ? [`${name}:${index + 1} ${line.trim()}`] : []))
    )
    expect(found).toEqual([])
  })

  it("gives every module a name of its own in the index", () => {
    const isModule = (path: string) => /\/[A-Z]\w*\.ts$/.test(path)
    const named = [...text("index.ts").matchAll(/export \* as (\w+) from "\.\/(\w+)\/(\w+)\.ts"/g)]
    expect(named.map(([, name, , file]) => name === file)).not.toContain(false)
    expect(named.map(([, , room, file]) => `${room}/${file}.ts`).toSorted()).toEqual(files.filter(isModule).toSorted())
  })

  it("says of every export what it means", () => {
    const silent = files
      .filter((name) => name !== "index.ts")
      .flatMap((name) => {
        const lines = text(name).split("\n")
        return lines.flatMap((line, index) =>
          /^export (const|type|interface|class|function)/.test(line) &&
          // The type of a schema means what the schema means.
          !/^export type (\w+) = typeof \1\.Type$/.test(line) &&
          !/(\*\/)\s*$/.test(lines[index - 1] ?? "")
            ? [`${name}:${index + 1}`]
            : []
        )
      })
    expect(silent).toEqual([])
  })
})
