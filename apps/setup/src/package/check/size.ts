/** What a module of the domain adds to somebody's bundle, with and without effect. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { rolldown } from "rolldown"
import { root } from "../packages.ts"

/** Bytes, minified and not compressed. */
export interface Size {
  readonly total: number
  /** The share of the domain. */
  readonly own: number
  /** What effect brings along. */
  readonly effect: number
}

/**
 * Today's share of `Connection` beyond effect is 130 kB, the catalogue of messages included; five more are refused,
 * so that growth is a decision.
 */
export const limits: { readonly Connection: Size } = { Connection: { total: 228_000, own: 135_000, effect: 96_000 } }

/** The bundle of everything that a module exports; modules that match `external` are left out. */
export const bundle = async (specifier: string, external: ReadonlyArray<RegExp> = []): Promise<string> => {
  // The entry lies in the tree, so that packages are found from there.
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true })
  const place = mkdtempSync(join(root, "node_modules/.cache/portolan-size-"))
  try {
    const entry = join(place, "entry.mjs")
    writeFileSync(entry, `export * from "${specifier}"\n`)
    const built = await rolldown({ input: entry, external: [...external], platform: "neutral", logLevel: "silent" })
    const { output } = await built.generate({ format: "esm", minify: true })
    return output.map((file) => (file.type === "chunk" ? file.code : "")).join("")
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** Measures `@portolan/domain/<module>`. */
export const sizeOf = async (module: string): Promise<Size> => {
  const bytes = async (external: ReadonlyArray<RegExp>) =>
    Buffer.byteLength(await bundle(`@portolan/domain/${module}`, external))
  const total = await bytes([])
  const own = await bytes([/^effect(\/|$)/])
  return { total, own, effect: total - own }
}

/** Sizes over the limit, as sentences. */
export const tooLarge = (module: string, size: Size, limit: Size): ReadonlyArray<string> =>
  (["own", "total"] as const)
    .filter((part) => size[part] > limit[part])
    .map((part) => `${module} has ${size[part]} bytes (${part}), more than ${limit[part]}`)

/** `177 kB`. */
export const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`
