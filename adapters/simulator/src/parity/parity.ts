/**
 * How far the simulator is what descriptions say: which operations have rules, whether every answer of theirs fits the
 * provider's own schema, and whether every static pair of the sandbox is answered alike.
 */
import * as Hosts from "../core/Hosts.ts"
import * as Check from "../describe/check.ts"
import type { Operation } from "../describe/Described.ts"
import type { Descriptions, Entry } from "../describe/Descriptions.ts"
import { hasRule } from "./rules.ts"
import * as Caller from "./Caller.ts"
import * as Pairs from "./pairs.ts"
import type { Known, Sample } from "./Sample.ts"
import { samplesOf } from "./rules.ts"

/** What was found. The counts are what `--json` prints; the lists say where a count falls short. */
export type Parity = {
  /** Operations of all descriptions. */
  readonly operations: number
  /** Operations with a rule of this simulator. */
  readonly dynamic: number
  /** Static pairs of Amazon's sandbox. */
  readonly sandboxPairs: number
  /** Pairs that are answered alike, status and body. */
  readonly pairsAlike: number
  /** Dynamic operations that were called, and whose every answer fits its schema. */
  readonly schemaValid: number
  /** Operations with neither a rule nor a pair: 501. */
  readonly notSimulated: number
  readonly unlike: ReadonlyArray<Pairs.Unlike>
  /** Dynamic operations with a fault, and what it is. */
  readonly invalid: Readonly<Record<string, ReadonlyArray<string>>>
}

type Subject = { readonly entry: Entry; readonly operation: Operation }

/** An operation by method and path, whatever its braces are called. */
export const keyOf = ({ method, path }: Pick<Operation, "method" | "path">): string =>
  `${method} ${path.replaceAll(/\{[^}]*\}/g, "{}")}`

const keyOfTemplate = (template: string): string => template.replaceAll(/\{[^}]*\}/g, "{}")

const usualHost = {
  "selling-partner": Hosts.sellingPartner.NA,
  ads: Hosts.ads.NA,
  "walmart-marketplace": Hosts.walmart,
  "walmart-connect": Hosts.walmartConnect
} as const

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends a sample, and the same with a parameter that nobody knows; gives what is wrong with the answers. */
const call = async (
  caller: Caller.Caller,
  { entry, operation }: Subject,
  sample: Sample,
  known: Known
): Promise<ReadonlyArray<string>> => {
  if (sample.after !== undefined) caller.simulator.advance(sample.after)
  const values = sample.path?.(known, caller) ?? {}
  const [method = "", template = ""] = sample.to.split(" ")
  const body = sample.body?.(known, caller)
  const sent: Caller.Sent = {
    host: sample.host ?? usualHost[entry.family ?? "selling-partner"],
    method,
    path: template.replaceAll(/\{([^}]*)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? "")),
    query: new URLSearchParams(sample.query?.(known, caller)),
    headers: {
      ...caller.headers(sample.who),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...sample.headers?.(known, caller)
    },
    body: body === undefined ? undefined : JSON.stringify(body)
  }
  const good = await caller.send(sent)
  if (good.status < 400) sample.learn?.(jsonOf(good.body), known)
  // Some descriptions do not speak of requests that they do not allow.
  const odd =
    Check.contentFor(operation, 400) === undefined
      ? []
      : [await caller.send({ ...sent, query: new URLSearchParams([...sent.query, ["undeclared", "1"]]) })]
  return [
    ...(good.status < 400 ? [] : [`a good request is answered with ${good.status} ${good.body.slice(0, 300)}`]),
    ...[good, ...odd].flatMap((answer) => Check.response(operation, entry.document.validator, answer))
  ]
}

const judgeDynamic = async (caller: Caller.Caller, all: ReadonlyArray<Subject>) => {
  const dynamic = all.filter(({ entry, operation }) => hasRule(entry.family, operation))
  const byKey = new Map(dynamic.map((one) => [keyOf(one.operation), one]))
  const found = new Map<string, Array<string>>()
  const known: Known = {}
  for (const sample of samplesOf(dynamic.map(({ entry }) => entry.family))) {
    const one = byKey.get(keyOfTemplate(sample.to))
    if (one === undefined) continue
    const name = keyOf(one.operation)
    found.set(name, [...(found.get(name) ?? []), ...(await call(caller, one, sample, known))])
  }
  const faults = dynamic.map(({ operation }) => {
    const seen = found.get(keyOf(operation))
    return [keyOf(operation), seen ?? ["it was never called: no sample is written for it"]] as const
  })
  return {
    dynamic: dynamic.length,
    schemaValid: faults.filter(([, seen]) => seen.length === 0).length,
    invalid: Object.fromEntries(faults.filter(([, seen]) => seen.length > 0))
  }
}

/** Compares the simulator with descriptions. */
export const measure = async (descriptions: Descriptions): Promise<Parity> => {
  const all = descriptions.entries.flatMap((entry) =>
    entry.document.operations.map((operation) => ({ entry, operation }))
  )
  const caller = await Caller.make(descriptions)
  const unlike: Array<Pairs.Unlike> = []
  let sandboxPairs = 0
  for (const { entry, operation } of all.filter((one) => one.entry.family === "selling-partner")) {
    sandboxPairs += operation.pairs.length
    for (const pair of operation.pairs) {
      const seen = await Pairs.compare(caller, operation, pair)
      if (seen !== undefined) unlike.push({ ...seen, operation: `${entry.document.file}: ${seen.operation}` })
    }
  }
  const hasPairs = ({ olderPairs, pairs }: Operation) => pairs.length + olderPairs.length > 0
  return {
    operations: all.length,
    sandboxPairs,
    pairsAlike: sandboxPairs - unlike.length,
    ...(await judgeDynamic(caller, all)),
    notSimulated: all.filter(({ entry, operation }) => !hasRule(entry.family, operation) && !hasPairs(operation))
      .length,
    unlike
  }
}
