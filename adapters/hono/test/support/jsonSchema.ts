/** The part of JSON Schema that parameters use. A keyword that is not here fails the test instead of passing it. */
import type { Schema } from "effect"

type Node = { readonly [keyword: string]: Schema.Json }

const characters = (text: string) => [...text].length

const daysOf = (year: number, month: number) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()

/** A date-time (https://www.rfc-editor.org/rfc/rfc3339#section-5.6). */
const isDateTime = (text: string): boolean => {
  const parts = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text)
  if (parts === null) return false
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number)
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)
  return isDay && hour < 24 && minute < 60 && second <= 60
}

const types: { readonly [type: string]: (value: unknown) => boolean } = {
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  array: Array.isArray
}

const keywords: { readonly [keyword: string]: (rule: never, value: never) => boolean } = {
  type: (rule: string, value: unknown) => types[rule]?.(value) ?? false,
  enum: (rule: ReadonlyArray<unknown>, value: unknown) => rule.includes(value),
  minimum: (rule: number, value: number) => value >= rule,
  maximum: (rule: number, value: number) => value <= rule,
  minLength: (rule: number, value: string) => characters(value) >= rule,
  maxLength: (rule: number, value: string) => characters(value) <= rule,
  pattern: (rule: string, value: string) => new RegExp(rule, "u").test(value),
  format: (rule: string, value: string) => rule === "date-time" && isDateTime(value),
  minItems: (rule: number, value: ReadonlyArray<unknown>) => value.length >= rule,
  maxItems: (rule: number, value: ReadonlyArray<unknown>) => value.length <= rule,
  items: (rule: Node, value: ReadonlyArray<unknown>) => value.every((item) => validates(rule, item)),
  anyOf: (rule: ReadonlyArray<Node>, value: unknown) => rule.some((one) => validates(one, value)),
  allOf: (rule: ReadonlyArray<Node>, value: unknown) => rule.every((one) => validates(one, value)),
  default: () => true,
  description: () => true
}

/** Whether a value is valid. */
export const validates = (schema: Node, value: unknown): boolean => {
  // The type first: other keywords are written for values of the right one.
  if (typeof schema["type"] === "string" && types[schema["type"]]?.(value) !== true) return false
  return Object.entries(schema).every(([keyword, rule]) => {
    const check = keywords[keyword]
    if (check === undefined) throw new Error(`a parameter uses the keyword ${keyword}`)
    return check(rule as never, value as never)
  })
}

/** The values that texts of one parameter can stand for (`style: form`, `explode: true`). */
const valuesOf = (schema: Node, texts: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  const [only] = texts.length === 1 ? texts : []
  switch (schema["type"]) {
    case "array":
      return [texts]
    case "integer":
      return only !== undefined && /^(?:0|-?[1-9]\d*)$/.test(only) ? [Number(only)] : []
    case "boolean":
      return only === "true" || only === "false" ? [only === "true"] : []
    default:
      return only === undefined ? [] : [only]
  }
}

/** Whether a parameter that is described like this may be sent as these texts. */
export const describes = (schema: Node, texts: ReadonlyArray<string>): boolean => {
  const { anyOf } = schema
  const branches = Array.isArray(anyOf) ? (anyOf as ReadonlyArray<Node>) : [schema]
  return branches.some((branch) => valuesOf(branch, texts).some((value) => validates(branch, value)))
}
