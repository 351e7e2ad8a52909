/**
 * What a description says about an API: which operations exist, what each takes and answers, and the static pairs of
 * Amazon's sandbox. Swagger 2.0 (https://swagger.io/specification/v2/) and OpenAPI 3
 * (https://spec.openapis.org/oas/v3.0.3) are read into these shapes, and the simulator's own operations are written in
 * them.
 */
import type { Rate } from "../core/Quota.ts"

/** A JSON schema, or a reference into the document that `Validator` knows. */
export type Schema = Readonly<Record<string, unknown>>

/** Where a parameter stands. */
export type Place = "query" | "path" | "header" | "formData"

/** How a list is written in one text; `multi` repeats the parameter. */
export type ListStyle = "csv" | "ssv" | "tsv" | "pipes" | "multi"

/** One parameter of an operation, a body apart. */
export type Parameter = {
  readonly name: string
  readonly in: Place
  readonly required: boolean
  readonly schema: Schema
  /** JSON type of the value that the text stands for; of the items, when `list` is set. Empty: a text. */
  readonly type: string
  readonly list: ListStyle | null
  /** Whether it takes the rest of a path, slashes and all. */
  readonly greedy?: true
  /** Why a request that has it is refused although the provider takes it; absent when it is honoured. */
  readonly refused?: string
  /** Values that the provider takes and this simulator refuses. */
  readonly refusedValues?: ReadonlyArray<string>
}

/** A body by its media types; an empty type stands for whatever is sent. */
export type Content = ReadonlyArray<{ readonly type: string; readonly schema: Schema | null }>

/** What an operation takes as its body. Swagger 2.0 gives it a name; in OpenAPI 3 it has none. */
export type Body = { readonly name: string; readonly required: boolean; readonly content: Content }

/**
 * A static pair of Amazon's sandbox: a request that names these parameters with these values gets this answer
 * (https://developer-docs.amazon.com/sp-api/docs/the-selling-partner-api-sandbox). A parameter without a value may have
 * any.
 */
export type Pair = {
  readonly status: number
  readonly parameters: Readonly<Record<string, { readonly value?: unknown }>>
  /** The answer, numbers digit for digit; absent for an empty one. */
  readonly response?: unknown
}

/** An operation of an API. */
export type Operation = {
  /** What the provider calls it. */
  readonly name: string
  readonly method: string
  /** The path with its parameters in braces, such as `/orders/v0/orders/{orderId}`. */
  readonly path: string
  readonly parameters: ReadonlyArray<Parameter>
  readonly body: Body | null
  /** By status, `default` or a class such as `2XX`. */
  readonly responses: Readonly<Record<string, Content>>
  readonly pairs: ReadonlyArray<Pair>
  /** Pairs in the extension of former years, which counts for an answer and not for parity. */
  readonly olderPairs: ReadonlyArray<Pair>
  /** The published usage plan, where the description has its table. */
  readonly rate: Rate | null
}

/** A document: its operations, what checks values against its schemas, and the hosts that it names. */
export type Document = {
  /** The file that it came from, as it was named. */
  readonly file: string
  readonly title: string
  readonly hosts: ReadonlyArray<string>
  readonly operations: ReadonlyArray<Operation>
  readonly validator: Validator
}

/** Finds what is wrong with a value, one sentence a fault; nothing for a good one. */
export type Validator = {
  /** Judges what a client sent: instants may leave out their zone, as providers accept. */
  readonly request: (schema: Schema, value: unknown) => ReadonlyArray<string>
  /** Judges what a provider sends, to the letter. */
  readonly response: (schema: Schema, value: unknown) => ReadonlyArray<string>
}
