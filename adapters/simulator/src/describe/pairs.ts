/**
 * The static sandbox of Amazon: a request is compared with the pairs of its operation, and the answer of the pair that
 * fits is given as it stands. Parameters that a pair does not name may have any value
 * (https://developer-docs.amazon.com/sp-api/docs/the-selling-partner-api-sandbox).
 */
import type { WireRequest } from "../core/Wire.ts"
import type { Operation, Pair, Parameter } from "./Described.ts"
import { isRecord } from "./references.ts"

/** Whether a body has to be the one of the pair, or only to contain it. */
export type BodyMatch = "exact" | "subset"

/** A request as pairs see it. */
export type Subject = {
  readonly request: WireRequest
  /** The values of the path. */
  readonly path: Readonly<Record<string, string>>
  readonly match: BodyMatch
}

/** JSON with sorted keys: two values are the same when these texts are. Raw numbers keep their digits. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    isRecord(one) && Object.getPrototypeOf(one) === Object.prototype
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one
  ) ?? ""

const contains = (whole: unknown, part: unknown): boolean => {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && whole.length === part.length && part.every((one, index) => contains(whole[index], one))
    )
  }
  if (isRecord(part) && isRecord(whole)) {
    return Object.entries(part).every(([key, one]) => Object.hasOwn(whole, key) && contains(whole[key], one))
  }
  return canonical(whole) === canonical(part)
}

const bodyOf = (text: string): unknown => {
  if (text.trim() === "") return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** One value as it stands in an address or a header. */
export const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return ""
  return typeof value === "string" ? value : canonical(value)
}

const separators = { csv: ",", ssv: " ", tsv: "\t", pipes: "|", multi: "," } as const

/** A list of values in one text. */
export const joined = (parameter: Pick<Parameter, "list">, values: ReadonlyArray<unknown>): string =>
  values.map(textOf).join(separators[parameter.list ?? "csv"])

const isSame = (parameter: Pick<Parameter, "list">, texts: ReadonlyArray<string>, value: unknown): boolean => {
  if (value === null) return texts.length === 0 || (texts.length === 1 && (texts[0] === "" || texts[0] === "null"))
  if (Array.isArray(value)) {
    return (
      texts.length > 0 &&
      (joined(parameter, texts) === joined(parameter, value) ||
        joined({ list: "csv" }, texts) === joined({ list: "csv" }, value))
    )
  }
  return texts.length > 0 && texts.join(",") === textOf(value)
}

/** The parameter that a pair means by a name: a declared one, else the body by that word, else one of the query. */
export const meant = (operation: Operation, name: string): Parameter | "body" => {
  const declared =
    operation.parameters.find((one) => one.name === name) ??
    operation.parameters.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (declared !== undefined) return declared
  if (name === "body" || operation.body?.name === name) return "body"
  return { name, in: "query", required: false, schema: {}, type: "", list: null }
}

const textsOf = ({ path, request }: Subject, { in: place, name }: Parameter): ReadonlyArray<string> => {
  const one = (text: string | undefined) => (text === undefined ? [] : [text])
  if (place === "path") return one(path[name])
  if (place === "header") return one(request.headers[name.toLowerCase()])
  return new URLSearchParams(place === "formData" ? request.body : request.query).getAll(name)
}

const fits = (operation: Operation, subject: Subject, pair: Pair): boolean =>
  Object.entries(pair.parameters).every(([name, cell]) => {
    if (!("value" in cell)) return true
    const parameter = meant(operation, name)
    if (parameter !== "body") return isSame(parameter, textsOf(subject, parameter), cell.value)
    const body = bodyOf(subject.request.body)
    return subject.match === "subset" ? contains(body, cell.value) : canonical(body) === canonical(cell.value)
  })

const constraints = (pair: Pair): number => Object.values(pair.parameters).filter((cell) => "value" in cell).length

/**
 * The pair that a request gets: of those that fit, the one that names most. Two that name equally much differ by what
 * they answer: a request that the description allows gets the success, any other the error.
 */
export const choose = (operation: Operation, subject: Subject, isAllowed: () => boolean): Pair | undefined => {
  const fitting = [...operation.pairs, ...operation.olderPairs].filter((pair) => fits(operation, subject, pair))
  const most = Math.max(...fitting.map(constraints))
  const best = fitting.filter((pair) => constraints(pair) === most)
  const succeeds = (pair: Pair) => pair.status < 400
  if (best.length < 2 || best.every(succeeds) || !best.some(succeeds)) return best[0]
  const allowed = isAllowed()
  return best.find((pair) => succeeds(pair) === allowed)
}
