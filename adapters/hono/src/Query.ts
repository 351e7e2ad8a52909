/**
 * Schemas of query parameters. A parameter arrives as text; the OpenAPI document describes the value that the text
 * stands for. Each helper accepts exactly the texts that its description allows, so that both say the same.
 */
import { Marketplace, Text } from "@portolan/domain"
import { Schema, SchemaGetter } from "effect"

/** How the OpenAPI document describes a parameter, where that differs from the schema of its text. */
export interface Description {
  readonly type: "integer" | "boolean" | "string"
  readonly description: string
  readonly [keyword: string]: Schema.Json
}

const annotation = "portolan/parameter"

const described = (description: Description) => ({ [annotation]: description })

/** How a parameter is described; nothing when the schema of its text says it all. */
export const descriptionOf = (schema: Schema.Constraint): Description | undefined =>
  Schema.resolveAnnotations(schema)?.[annotation] as Description | undefined

/** An integer in decimal digits, without leading zeros. */
export const integer = ({
  description,
  maximum,
  minimum,
  standard
}: {
  readonly description: string
  readonly minimum: number
  readonly maximum: number
  /** The value when the parameter is left out; the route supplies it. */
  readonly standard: number
}) =>
  Schema.String.check(Schema.isPattern(/^(?:0|-?[1-9]\d*)$/u, { expected: "an integer" }))
    .pipe(
      Schema.decodeTo(Schema.Int, { decode: SchemaGetter.transform(Number), encode: SchemaGetter.transform(String) })
    )
    .check(Schema.isBetween({ minimum, maximum }))
    .annotate(described({ type: "integer", minimum, maximum, default: standard, description }))

/** `true` or `false`. */
export const flag = (description: string) =>
  Schema.Literals(["true", "false"])
    .pipe(
      Schema.decodeTo(Schema.Boolean, {
        decode: SchemaGetter.transform((text) => text === "true"),
        encode: SchemaGetter.transform((value) => (value ? "true" : "false"))
      })
    )
    .annotate(described({ type: "boolean", description }))

const dateTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,9})?Z$/u

/** Whether the calendar has the day; `Date` would move 30 February to March. */
const isCalendarDay = (text: string): boolean => {
  const day = text.slice(0, 10)
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

/** An instant in UTC (https://www.rfc-editor.org/rfc/rfc3339#section-5.6). */
export const instant = (description: string) =>
  Schema.String.check(
    Schema.isPattern(dateTime, { expected: "an instant like 2026-03-01T00:00:00Z" }),
    Schema.makeFilter(isCalendarDay, { expected: "a day of the calendar" })
  )
    .pipe(Schema.decodeTo(Schema.DateTimeUtcFromString))
    .annotate(described({ type: "string", format: "date-time", pattern: dateTime.source, description }))

/** Opaque text of at most `maximum` characters. */
export const text = (maximum: number, description: string) =>
  Schema.String.check(Schema.isMinCodePoints(1), Schema.isMaxCodePoints(maximum)).annotate(
    described({ type: "string", minLength: 1, maxLength: maximum, description })
  )

const searchLimit = 120

/** The characters that `Text.readable` refuses, for a character class. */
const unreadable = "\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff"
const searchable = `^\\s*[^\\s${unreadable}](?:[^${unreadable}]{0,${searchLimit - 2}}[^\\s${unreadable}])?\\s*$`

/** Text to look for. Surrounding white space does not count. */
export const search = (description: string) =>
  Schema.Trim.check(Schema.isMinCodePoints(1), Schema.isMaxCodePoints(searchLimit), Text.readable).annotate(
    described({ type: "string", pattern: searchable, description })
  )

/** A marketplace of the catalogue. */
export const marketplace = (description: string) =>
  Marketplace.Known.annotate(described({ type: "string", enum: Marketplace.all.map(({ id }) => id), description }))
