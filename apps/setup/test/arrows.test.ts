/**
 * The shape of the tree: domain <- ports <- adapters/* <- apps/*, and domain, ports <- conformance. What a package
 * imports it declares, so that each can be used alone.
 *
 * One folder of adapters is no adapter: `adapters/wire` (`@portolan/wire`) is a tool of adapters, domain, ports <- wire
 * <- adapters/*. It imports the domain, the ports and libraries only, provides no port, and nobody but adapters imports
 * it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import * as wire from "@portolan/wire"
import { Context, Layer } from "effect"

const root = fileURLToPath(new URL("../../../", import.meta.url))

interface Manifest {
  readonly name: string
  readonly dependencies?: { readonly [name: string]: string }
  /** What its user brings along, e.g. the test runner that a binding is for. */
  readonly peerDependencies?: { readonly [name: string]: string }
}
interface Package extends Manifest {
  readonly folder: string
  readonly layer: "domain" | "ports" | "tools" | "adapters" | "conformance" | "apps"
}

/** What stands among the adapters and is a tool of theirs: one package, and a second is not meant. */
const tool = "adapters/wire"

const packages: ReadonlyArray<Package> = [
  ...(["domain", "ports", "conformance"] as const).map((layer) => ({ layer, folder: layer })),
  ...(["adapters", "apps"] as const).flatMap((layer) =>
    readdirSync(join(root, layer), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => ({ layer, folder: `${layer}/${entry.name}` }))
  )
]
  .filter(({ folder }) => existsSync(join(root, folder, "package.json")))
  .map(({ folder, layer }) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
    return { ...manifest, folder, layer: folder === tool ? "tools" : layer }
  })
const byName = new Map(packages.map((one) => [one.name, one]))

/** Files of a folder, its subfolders included. */
const filesOf = (folder: string): ReadonlyArray<string> =>
  !existsSync(join(root, folder))
    ? []
    : readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
        entry.name === "node_modules" || entry.name === "dist"
          ? []
          : entry.isDirectory()
            ? filesOf(`${folder}/${entry.name}`)
            : /\.(ts|tsx|mjs)$/.test(entry.name)
              ? [`${folder}/${entry.name}`]
              : []
      )

const text = (file: string) => readFileSync(join(root, file), "utf8")

/** What a file imports. */
const importsOf = (file: string): ReadonlyArray<string> =>
  [
    ...text(file).matchAll(
      /^\s*(?:import|export)\b[^"';]*?from\s*"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm
    )
  ].flatMap(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? [])

/** `@scope/name/sub` is of `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

const allowed: { readonly [L in Package["layer"]]: ReadonlyArray<Package["layer"]> } = {
  domain: [],
  ports: ["domain"],
  tools: ["domain", "ports"],
  adapters: ["domain", "ports", "tools"],
  conformance: ["domain", "ports"],
  apps: ["domain", "ports", "adapters", "conformance", "apps"]
}

const imports = packages.flatMap((from) =>
  filesOf(`${from.folder}/src`).flatMap((file) => importsOf(file).map((specifier) => ({ from, file, specifier })))
)

describe("the tree", () => {
  it("is found", () => {
    expect(packages.map((one) => one.name)).toContain("@portolan/domain")
    expect(packages.filter((one) => one.layer === "tools").map((one) => one.name)).toEqual(["@portolan/wire"])
    expect(imports.length).toBeGreaterThan(100)
  })

  it("has arrows that point one way", () => {
    const wrong = imports.flatMap(({ file, from, specifier }) => {
      const to = byName.get(packageOf(specifier))
      return to === undefined || to.name === from.name || allowed[from.layer].includes(to.layer)
        ? []
        : [`${file} -> ${specifier}`]
    })
    expect(wrong).toEqual([])
  })

  it("has arrows that point the same way in the manifests", () => {
    const wrong = packages.flatMap((from) =>
      Object.keys(from.dependencies ?? {}).flatMap((name) => {
        const to = byName.get(name)
        return to === undefined || allowed[from.layer].includes(to.layer) ? [] : [`${from.name} -> ${name}`]
      })
    )
    expect(wrong).toEqual([])
  })

  it("declares what it imports", () => {
    const undeclared = imports.flatMap(({ file, from, specifier }) => {
      if (specifier.startsWith(".") || specifier.startsWith("node:") || builtinModules.includes(specifier)) return []
      const name = packageOf(specifier)
      return name === from.name || { ...from.dependencies, ...from.peerDependencies }[name] !== undefined
        ? []
        : [`${file} -> ${name}`]
    })
    expect([...new Set(undeclared)]).toEqual([])
  })

  // The tests of apps walk through the whole product and may share their support; those of adapters share the tool's.
  it("reaches into no package by its path", () => {
    const inside = packages.flatMap((from) =>
      [...filesOf(`${from.folder}/src`), ...(from.layer === "apps" ? [] : filesOf(`${from.folder}/test`))].flatMap(
        (file) =>
          importsOf(file)
            .filter((specifier) => specifier.startsWith("."))
            .filter((specifier) =>
              relative(join(root, from.folder), join(root, file, "..", specifier)).startsWith("..")
            )
            .filter(
              (specifier) =>
                !(
                  from.layer === "adapters" &&
                  file.startsWith(`${from.folder}/test/`) &&
                  relative(root, join(root, file, "..", specifier)).startsWith(`${tool}/test/`)
                )
            )
            .map((specifier) => `${file} -> ${specifier}`)
      )
    )
    expect(inside).toEqual([])
  })

  // What an application keeps outlives its process, and its secrets come from real randomness. The program that plays
  // faults is none: its worlds are made for one interleaving.
  it("builds no application on the adapters for tests", () => {
    expect(packages.map((one) => one.folder)).toEqual(expect.arrayContaining(["adapters/memory", "adapters/secrets"]))
    const inMemory = imports.filter(
      ({ from, specifier }) =>
        from.layer === "apps" && from.folder !== "apps/faults" && packageOf(specifier) === "@portolan/memory"
    )
    expect(inMemory.map(({ file }) => file)).toEqual([])
  })

  it("goes round in no circle between packages", () => {
    const visiting = new Set<string>()
    const visit = (name: string): ReadonlyArray<string> => {
      if (visiting.has(name)) return [name]
      visiting.add(name)
      const circle = Object.keys(byName.get(name)?.dependencies ?? {})
        .filter((to) => byName.has(to))
        .flatMap(visit)
      visiting.delete(name)
      return circle
    }
    expect(packages.flatMap((one) => visit(one.name))).toEqual([])
  })

  it("keeps the front door of a package to names", () => {
    const busy = packages
      .map((one) => `${one.folder}/src/index.ts`)
      .filter((file) => existsSync(join(root, file)))
      .filter((file) =>
        text(file)
          .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
          .split("\n")
          .some((line) => line.trim() !== "" && !/^\s*(export\b|\}|[A-Za-z, ]+,?$|type )/.test(line))
      )
    expect(busy).toEqual([])
  })
})

describe("the tool of adapters", () => {
  /** Everything that can be had from its front door, namespaces opened. */
  const exported = Object.entries(wire).flatMap(([name, value]): ReadonlyArray<readonly [string, unknown]> =>
    typeof value === "object" ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one]) : [[name, value]]
  )

  it("exports no layer, and no service that could be one", () => {
    expect(exported.map(([name]) => name)).toEqual(
      expect.arrayContaining(["Wire.make", "Guard.make", "Rows.land", "readWait"])
    )
    expect(exported.filter(([, value]) => Layer.isLayer(value) || Context.isKey(value)).map(([name]) => name)).toEqual(
      []
    )
  })

  // A port is provided by its key, which is a value of the ports: who takes only types from there can provide none.
  it("takes only types from the ports, and makes no layer of its own", () => {
    const files = filesOf(`${tool}/src`)
    expect(files.length).toBeGreaterThan(5)
    expect(
      files.filter((file) =>
        /import\s+(?!type\b)[^"]*"@portolan\/ports|import\s+"@portolan\/ports|import\("@portolan\/ports/.test(
          text(file)
        )
      )
    ).toEqual([])
    expect(files.filter((file) => /\bLayer\b|Context\.(?:Service|Tag|Reference)/.test(text(file)))).toEqual([])
  })
})
