/**
 * Finds what a method and a path stand for among templates such as `/orders/{orderId}`. A part that is written out goes
 * before one in braces, so that `/items/inventory` is never the item named inventory.
 */
import type { Operation } from "./Described.ts"

type Row<A> = {
  readonly parts: ReadonlyArray<string>
  readonly operation: Pick<Operation, "method" | "path">
  readonly value: A
}

/** Templates by method and number of parts. */
export type Table<A> = Map<string, Array<Row<A>>>

/** A template that fits, with the decoded values of its braces. */
export type Found<A> = { readonly value: A; readonly path: Readonly<Record<string, string>> }

/** An empty table. */
export const table = <A>(): Table<A> => new Map()

const isBraced = (part: string): boolean => /^\{[^{}]*\}$/.test(part)

const literals = (parts: ReadonlyArray<string>): number => parts.filter((part) => !isBraced(part)).length

const keyOf = (method: string, size: number): string => `${method} ${size}`

/** Adds a template; of two that are alike the first stays. */
export const add = <A>(to: Table<A>, operation: Pick<Operation, "method" | "path">, value: A): void => {
  const parts = operation.path.split("/")
  const key = keyOf(operation.method, parts.length)
  const rows = to.get(key) ?? []
  to.set(key, rows)
  rows.push({ parts, operation, value })
  rows.sort((a, b) => literals(b.parts) - literals(a.parts))
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

type Cells = ReadonlyArray<readonly [string, string]>

/** The values of a part such as `{asin}.json`; undefined when the text is another. */
const mixed = (template: string, given: string): Cells | undefined => {
  const names: Array<string> = []
  const pattern = template.replaceAll(/\{([^}]*)\}|[^{]+/g, (piece, name: string | undefined) => {
    if (name === undefined) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    names.push(name)
    return "(.*)"
  })
  const values = new RegExp(`^${pattern}$`).exec(given)
  return values === null ? undefined : names.map((name, index) => [name, decoded(values[index + 1] ?? "")])
}

const fitPart = (template: string, given: string): Cells | undefined => {
  if (isBraced(template)) return [[template.slice(1, -1), decoded(given)]]
  if (template === given || template === decoded(given)) return []
  return template.includes("{") ? mixed(template, given) : undefined
}

const fit = (
  template: ReadonlyArray<string>,
  parts: ReadonlyArray<string>
): Readonly<Record<string, string>> | undefined => {
  const values: Array<readonly [string, string]> = []
  for (const [index, part] of template.entries()) {
    const cells = fitPart(part, parts[index] ?? "")
    if (cells === undefined) return undefined
    values.push(...cells)
  }
  return Object.fromEntries(values)
}

/**
 * A last part in braces that takes the rest of the path, slashes and all: Amazon marks one so,
 * `x-amazon-spds-greedy-path-parameter`. It is a way out for paths that nothing else fits.
 */
const greedy = <A>(from: Table<A>, method: string, parts: ReadonlyArray<string>): Found<A> | undefined => {
  for (let size = parts.length - 1; size > 2; size -= 1) {
    const shorter = [...parts.slice(0, size - 1), parts.slice(size - 1).join("/")]
    const row = (from.get(keyOf(method, size)) ?? []).find(
      (one) => isGreedy(one.operation) && fit(one.parts, shorter) !== undefined
    )
    if (row !== undefined) return { value: row.value, path: fit(row.parts, shorter) ?? {} }
  }
  return undefined
}

const isGreedy = (operation: Pick<Operation, "path"> & Partial<Pick<Operation, "parameters">>): boolean => {
  const last = operation.path.split("/").at(-1) ?? ""
  return (
    isBraced(last) &&
    operation.parameters?.some((one) => one.name === last.slice(1, -1) && one.greedy === true) === true
  )
}

/** What a request stands for; undefined when no template fits. */
export const find = <A>(from: Table<A>, method: string, path: string): Found<A> | undefined => {
  const parts = path.split("/")
  for (const row of from.get(keyOf(method, parts.length)) ?? []) {
    const values = fit(row.parts, parts)
    if (values !== undefined) return { value: row.value, path: values }
  }
  return greedy(from, method, parts)
}

/** Whether any method is known at a path. */
export const isPath = <A>(from: Table<A>, path: string): boolean =>
  ["GET", "POST", "PUT", "PATCH", "DELETE"].some((method) => find(from, method, path) !== undefined)
