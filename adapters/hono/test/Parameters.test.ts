/** A query parameter is described as what the server accepts: no text more, and no text less. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Schema } from "effect"
import fc from "fast-check"
import * as Input from "../src/Input.ts"
import { document, routes } from "./support/contract.ts"
import { describes } from "./support/jsonSchema.ts"

type Node = { readonly [keyword: string]: Schema.Json }

interface Parameter {
  readonly name: string
  readonly schema: Node
  readonly accepts: (texts: ReadonlyArray<string>) => boolean
}

const fieldsOf = (schema: Schema.Constraint) =>
  (schema as Schema.Struct<{ readonly [name: string]: Schema.ConstraintDecoder<unknown> }>).fields

const parameters = routes.flatMap((route): ReadonlyArray<readonly [string, Parameter]> => {
  const operation = document.paths[route.path]?.[route.method.toLowerCase()]
  return (operation?.parameters ?? [])
    .filter((one) => one.in === "query")
    .map(({ name, schema }) => {
      const field = fieldsOf(route.query)[name] ?? Schema.Never
      const own = Schema.Struct({ [name]: field })
      const accepts = (texts: ReadonlyArray<string>) => {
        // As it comes over the wire: percent-encoded, and decoded again.
        const sent = new URLSearchParams(new URLSearchParams(texts.map((text) => [name, text])).toString())
        return Exit.isSuccess(Effect.runSyncExit(Input.parameters(own, Input.query(sent))))
      }
      return [`${name} of ${route.operationId}`, { name, schema, accepts }] as const
    })
})

const numbers = (schema: Node) => {
  const bounds = [schema["minimum"], schema["maximum"]].flatMap((one) => (typeof one === "number" ? [one] : []))
  const [low = 0, high = 0] = bounds
  return fc.oneof(
    fc.integer({ min: low, max: high }).map(String),
    fc.constantFrom(...bounds.flatMap((bound) => [bound - 1, bound, bound + 1]).map(String)),
    fc
      .integer({ min: low, max: high })
      .chain((n) =>
        fc.constantFrom(`0${n}`, `${n}.0`, `${n}.5`, `+${n}`, ` ${n}`, `${n} `, `${n}e1`, `0x${n}`, `-${n}`, `${n}n`)
      ),
    fc.constantFrom("", "NaN", "Infinity", "1_0", "१", "-0")
  )
}

const flags = fc.constantFrom("true", "false", "True", "TRUE", "1", "0", "", "yes", " true", "true ", "null")

const two = (n: number) => String(n).padStart(2, "0")
const instants = fc
  .tuple(
    fc.constantFrom("2026", "2024", "2000", "1900", "9999", "26"),
    fc.integer({ min: 0, max: 13 }).map(two),
    fc.integer({ min: 0, max: 32 }).map(two),
    fc.constantFrom("T", "T", "T", "t", " "),
    fc.constantFrom("00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "12:00", ""),
    fc.constantFrom("", ".5", ".123456789", ".1234567891", "."),
    fc.constantFrom("Z", "Z", "Z", "z", "", "+00:00", "+02:00")
  )
  .map(([year, month, day, ...rest]) => `${year}-${month}-${day}${rest.join("")}`)

const literalsOf = (schema: Node): ReadonlyArray<string> =>
  Array.isArray(schema["enum"]) ? (schema["enum"] as ReadonlyArray<string>) : []

const near = (texts: fc.Arbitrary<string>) =>
  texts.chain((text) =>
    fc.constantFrom(text, `${text} `, ` ${text}`, text.toUpperCase(), text.slice(1), `${text}x`, text.replace("-", "_"))
  )

const surprising = fc.constantFrom(
  "",
  " ",
  "\u00a0",
  "\u0000",
  "a\u0000b",
  "a\u2028b",
  "\u202eb",
  "\ufeffa",
  "x".repeat(120),
  "x".repeat(121),
  ` ${"x".repeat(120)} `,
  "🧭".repeat(120),
  "🧭".repeat(121),
  "x".repeat(2_000),
  "x".repeat(2_001),
  "🧭".repeat(2_000),
  "株式会社"
)

const strings = (schema: Node) => {
  const literals = literalsOf(schema)
  const { pattern } = schema
  return fc.oneof(
    ...(literals.length > 0 ? [near(fc.constantFrom(...literals))] : []),
    ...(schema["format"] === "date-time" ? [instants] : []),
    ...(typeof pattern === "string" ? [near(fc.stringMatching(new RegExp(pattern, "u"), { maxLength: 200 }))] : []),
    surprising,
    fc.string({ unit: "grapheme", maxLength: 130 })
  )
}

const textsOf = (schema: Node): fc.Arbitrary<string> => {
  if (schema["type"] === "integer") return numbers(schema)
  if (schema["type"] === "boolean") return flags
  return strings(schema)
}

/** One text, or none or several of them, as a parameter that is repeated. */
const sendings = (schema: Node): fc.Arbitrary<ReadonlyArray<string>> => {
  const branches = Array.isArray(schema["anyOf"]) ? (schema["anyOf"] as ReadonlyArray<Node>) : [schema]
  return fc.oneof(
    ...branches.map((branch) => {
      const item = (branch["items"] ?? branch) as Node
      return fc.oneof(
        { weight: 3, arbitrary: textsOf(item).map((text) => [text]) },
        { weight: 1, arbitrary: fc.array(textsOf(item), { minLength: 2, maxLength: 3 }) },
        // A list that is one too long, of things that are all right.
        {
          weight: literalsOf(item).length > 0 ? 1 : 0,
          arbitrary: fc.array(fc.constantFrom("", ...literalsOf(item)), { minLength: 1, maxLength: 16 })
        }
      )
    })
  )
}

describe("a query parameter", () => {
  it("is checked wherever there is one", () => {
    expect(parameters.length).toBeGreaterThan(50)
  })

  it.each(parameters)("%s is accepted exactly where its description allows it", (_, { accepts, schema }) => {
    let allowed = 0
    let refused = 0
    fc.assert(
      fc.property(sendings(schema), (texts) => {
        const expected = describes(schema, texts)
        if (expected) allowed++
        else refused++
        expect(accepts(texts), JSON.stringify(texts)).toBe(expected)
      }),
      { numRuns: 300 }
    )
    // Both answers occurred, so that neither side passes by never being asked.
    expect(Math.min(allowed, refused)).toBeGreaterThan(3)
  })

  it("is an integer, a boolean or a text, and never a number in quotes", () => {
    const byName = (name: string) => parameters.map(([, one]) => one).filter((one) => one.name === name)
    for (const { schema } of byName("limit")) {
      expect(schema).toEqual({ type: "integer", minimum: 1, maximum: 100, default: 25 })
    }
    expect(byName("withinDays").map(({ schema }) => schema)).toEqual([
      { type: "integer", minimum: 0, maximum: 400, default: 90 },
      { type: "integer", minimum: 0, maximum: 400, default: 400 }
    ])
    for (const name of ["paused", "assigned"]) {
      expect(byName(name).map(({ schema }) => schema)).toEqual([{ type: "boolean" }])
    }
  })
})
