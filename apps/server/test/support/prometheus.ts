/**
 * A strict reader of Prometheus' text format, version 0.0.4. It refuses whatever a scraper might read otherwise than it
 * was meant: a family without HELP and TYPE before its samples, or in two places; a series that comes twice; names,
 * labels, escapes and numbers that the format does not have; buckets that do not add up.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */

/** One sample. */
export interface Sample {
  readonly name: string
  readonly labels: { readonly [name: string]: string }
  readonly value: number
}

/** A family of samples. */
export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: Array<Sample>
}

const types = new Set(["counter", "gauge", "histogram", "summary", "untyped"])
const suffixes: { readonly [type: string]: ReadonlyArray<string> } = {
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"]
}
const number = /^[+-]?(Inf|NaN|(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)$/

const valueOf = (text: string): number => {
  if (!number.test(text)) throw new Error(`not a number: ${text}`)
  if (text.endsWith("Inf")) return text.startsWith("-") ? -Infinity : Infinity
  return Number(text)
}

const unescape = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, letter: string) => {
    if (letter === "n") return "\n"
    if (letter === "\\" || letter === '"') return letter
    throw new Error(`not an escape: \\${letter}`)
  })

const labelsOf = (text: string): { readonly [name: string]: string } => {
  const labels: Record<string, string> = {}
  let rest = text
  while (rest !== "") {
    const found = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"(,|$)/.exec(rest)
    if (found === null) throw new Error(`not labels: ${rest}`)
    const [whole, name = "", value = ""] = found
    if (Object.hasOwn(labels, name)) throw new Error(`label ${name} comes twice`)
    if (name.startsWith("__")) throw new Error(`label ${name} is reserved`)
    labels[name] = unescape(value)
    rest = rest.slice(whole.length)
  }
  return labels
}

const sampleOf = (line: string): Sample => {
  const found = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
  if (found === null) throw new Error(`not a sample: ${line}`)
  return { name: found[1] ?? "", labels: labelsOf(found[2] ?? ""), value: valueOf(found[3] ?? "") }
}

const keyOf = ({ labels, name }: Sample): string =>
  `${name}${JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)))}`

const without = ({ le: _, ...labels }: Sample["labels"]) => labels

const checkHistogram = ({ name, samples }: Family): void => {
  const groups = new Map<string, Array<Sample>>()
  for (const sample of samples) {
    const key = JSON.stringify(without(sample.labels))
    groups.set(key, [...(groups.get(key) ?? []), sample])
  }
  for (const group of groups.values()) {
    const buckets = group.filter((one) => one.name === `${name}_bucket`)
    const count = group.find((one) => one.name === `${name}_count`)
    const bounds = buckets.map(({ labels }) => valueOf(labels["le"] ?? ""))
    if (bounds.at(-1) !== Infinity) throw new Error(`${name} has no last bucket`)
    for (const [index, bucket] of buckets.entries()) {
      const before = buckets[index - 1]
      if (before === undefined) continue
      if ((bounds[index - 1] ?? 0) >= (bounds[index] ?? 0)) throw new Error(`${name}: bounds do not rise`)
      if (before.value > bucket.value) throw new Error(`${name}: buckets do not add up`)
    }
    if (buckets.at(-1)?.value !== count?.value) throw new Error(`${name}: the count is not that of the last bucket`)
  }
}

const belongs = ({ name, type }: Family, sample: string): boolean =>
  (suffixes[type] ?? [""]).some((suffix) => sample === `${name}${suffix}`)

/** Reads a whole answer; fails with what is wrong with it. */
export const parse = (text: string): ReadonlyMap<string, Family> => {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line does not end")
  const families = new Map<string, Family>()
  const seen = new Set<string>()
  let help: { readonly name: string; readonly text: string } | undefined
  let family: Family | undefined
  for (const line of text.split("\n").slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line)
    if (comment?.[1] === "HELP") help = { name: comment[2] ?? "", text: unescape(comment[3] ?? "") }
    else if (comment?.[1] === "TYPE") {
      const [, , name = "", type = ""] = comment
      if (help?.name !== name) throw new Error(`${name} has no HELP before its TYPE`)
      if (!types.has(type)) throw new Error(`${type} is no type`)
      if (families.has(name)) throw new Error(`${name} comes twice`)
      if (type === "counter" && !name.endsWith("_total")) throw new Error(`counter ${name} does not end in _total`)
      family = { name, type, help: help.text, samples: [] }
      families.set(name, family)
    } else {
      const sample = sampleOf(line)
      if (family === undefined || !belongs(family, sample.name)) throw new Error(`${sample.name} is in no family`)
      if (seen.has(keyOf(sample))) throw new Error(`the series ${keyOf(sample)} comes twice`)
      if (family.type === "counter" && !(sample.value >= 0)) throw new Error(`${sample.name} is no count`)
      seen.add(keyOf(sample))
      family.samples.push(sample)
    }
  }
  for (const one of families.values()) if (one.type === "histogram") checkHistogram(one)
  return families
}

/** The value of one series; undefined when there is none. */
export const valueIn = (
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Sample["labels"] = {}
): number | undefined =>
  families
    .get(name)
    ?.samples.find((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))?.value
