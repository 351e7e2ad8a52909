/**
 * Refusals as rows of data (`refusals/*.tsv`, a header line and a row a refusal): an id that never changes its meaning,
 * the status and the words of the real provider, when it happens, and where it is known from. `assumed` rows are the
 * ones to check against a real account first.
 */
import { readFileSync } from "node:fs"
import { Schema } from "effect"

/** Which fake API refuses; it decides the shape of the body. */
export const Family = Schema.Literals([
  "login",
  "login-redirect",
  "page",
  "ads",
  "selling-partner",
  "storage",
  "walmart-connect",
  "walmart-marketplace",
  "simulator"
])
export type Family = typeof Family.Type

/**
 * How well a row is known: written by the provider, seen in the field, read in the provider's own description of the
 * API, or our guess. Rows of `simulator` are no rules of a provider: they say what is not simulated.
 */
export const Provenance = Schema.Literals(["documented", "observed", "described", "assumed", "simulator"])
export type Provenance = typeof Provenance.Type

/** One refusal. */
export const Rule = Schema.Struct({
  id: Schema.String.check(Schema.isPattern(/^[A-Z]+(?:-[A-Z0-9]+)*-[A-Z0-9]{2,}$/)),
  family: Family,
  status: Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 200, maximum: 599 })),
  code: Schema.String,
  provenance: Provenance,
  /** The public page that says so; empty where none is known. */
  url: Schema.String.check(Schema.isPattern(/^(?:https:\/\/\S+)?$/)),
  /** What of the row no source confirms, or why it has no page. */
  note: Schema.String,
  /** When the provider refuses so. */
  when: Schema.NonEmptyString,
  /** The provider's words; `{name}` is filled in by the caller. */
  text: Schema.String
})
export type Rule = typeof Rule.Type

const decode = Schema.decodeUnknownSync(Schema.Array(Rule))

/** Reads a table with a header line and tabs between cells. A row that does not fit throws with its place. */
const readTable = (file: string): ReadonlyArray<Rule> => {
  const text = readFileSync(new URL(`../refusals/${file}.tsv`, import.meta.url), "utf8")
  const [header = "", ...lines] = text.trimEnd().split("\n")
  const names = header.split("\t")
  return decode(lines.map((line) => Object.fromEntries(line.split("\t").map((cell, index) => [names[index], cell]))))
}

/** Every refusal of the simulator. */
export const all: ReadonlyArray<Rule> = ["amazon", "walmart", "simulator"].flatMap(readTable)

const byId = new Map(all.map((rule) => [rule.id, rule]))

/** The row with an id. A missing row is a defect of the simulator. */
export const get = (id: string): Rule => {
  const rule = byId.get(id)
  if (rule === undefined) throw new Error(`rule ${id} has no row`)
  return rule
}

/** The text of a row with its blank filled in. */
export const text = (rule: Rule, name = ""): string => rule.text.replace("{name}", () => name)
