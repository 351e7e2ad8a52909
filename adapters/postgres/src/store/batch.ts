/**
 * Reads as one statement. `portolan.read_batch` (migration 0012) takes several reads, each with the scope that it runs
 * in, and answers with the rows of each as JSON. The values of a read travel as text beside its template; the server
 * quotes them, and gives them the types that the query wants.
 *
 * Rows come as JSON: `bigint` is a number, a column of type `json` is the value that its text says, and an instant is
 * text. No read of this kind has a column of bytes.
 */
import { type Kysely, type RawBuilder, sql } from "kysely"
import type { Tables } from "../Tables.ts"

/** What a read sees: rows of one organization, or one of few exceptions. `name` is a setting of row level security. */
export interface Scope {
  readonly name: "organization" | "digest" | "person" | "directory" | "linked"
  readonly value: string
}

/** One read. */
export interface Question {
  /** `each`: once for each organization that the rows of the question before name (`organization_id`), in its scope. */
  readonly scope: Scope | "each"
  readonly text: string
  readonly parameters: ReadonlyArray<unknown>
}

/** A row, as JSON gives it. */
export type Row = { readonly [column: string]: unknown }

/** The database, and the role that reads run as. */
export interface Executor {
  readonly kysely: Kysely<Tables>
  readonly role: string
}

/** The organization of a question that is put for each, within its query. */
export const eachOrganization = sql`current_setting('portolan.organization')`

/** Makes a question of a query. */
export const questionOf = ({ kysely }: Executor, scope: Scope | "each", query: RawBuilder<unknown>): Question => {
  const { parameters, sql: text } = query.compile(kysely)
  return { scope, text, parameters }
}

const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`

/** A value as text, as the driver would send it. */
const written = (value: unknown): string | null => {
  if (Array.isArray(value)) return `{${value.map((one) => quoted(scalar(one) ?? "")).join(",")}}`
  return scalar(value)
}

/** Queries have texts, numbers, booleans and nulls; anything else is a mistake of the program. */
const scalar = (value: unknown): string | null => {
  if (value === null || value === undefined) return null
  if (typeof value === "string") return value
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value)
  throw new TypeError("a query has a parameter of a kind that no read has")
}

/** Placeholders become places of `format`, counted over all questions. */
const templateOf = (text: string, before: number): string =>
  text.replaceAll("%", "%%").replace(/\$(\d+)/g, (_, place: string) => `%${before + Number(place)}$L`)

/** Reads all at once; gives the rows of each. */
export const readBatch = async (
  { kysely, role }: Executor,
  questions: ReadonlyArray<Question>
): Promise<ReadonlyArray<ReadonlyArray<Row>>> => {
  const templates: Array<string> = []
  const parameters: Array<string | null> = []
  for (const one of questions) {
    templates.push(templateOf(one.text, parameters.length))
    parameters.push(...one.parameters.map(written))
  }
  const scopes = questions.map(({ scope }) => (scope === "each" ? scope : scope.name))
  const values = questions.map(({ scope }) => (scope === "each" ? "" : scope.value))
  const { rows } = await sql<{ readonly rows: ReadonlyArray<Row> }>`select rows from portolan.read_batch(${role},
    ${sql.val(scopes)}::text[], ${sql.val(values)}::text[], ${sql.val(templates)}::text[],
    ${sql.val(parameters)}::text[]) as rows`.execute(kysely)
  return rows.map((row) => row.rows)
}
