/** The packages that can be published, as the workspace has them. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../../../", import.meta.url))

/** A manifest, as far as publishing reads it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly description?: string
  readonly keywords?: ReadonlyArray<string>
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: boolean | ReadonlyArray<string>
  readonly exports?: { readonly [subpath: string]: string }
  readonly bin?: { readonly [name: string]: string }
  readonly dependencies?: { readonly [name: string]: string }
  readonly devDependencies?: { readonly [name: string]: string }
  readonly peerDependencies?: { readonly [name: string]: string }
  readonly peerDependenciesMeta?: { readonly [name: string]: { readonly optional?: boolean } }
}

/** A package of the workspace. */
export interface Package {
  /** From the root, e.g. `adapters/amazon`. */
  readonly folder: string
  /** Without the scope, e.g. `amazon`. Also the name of its folder in `dist`. */
  readonly short: string
  readonly manifest: Manifest
}

const scope = "@portolan/"

const read = (folder: string): Package => {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
  return { folder, manifest, short: manifest.name.replace(scope, "") }
}

const foldersIn = (parent: string): ReadonlyArray<string> =>
  readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")))

/** All packages that can be published, in the order of the arrows: what is imported comes first. */
export const publishable = (): ReadonlyArray<Package> =>
  ["domain", "ports", "adapters/wire", ...foldersIn("adapters"), "conformance", ...foldersIn("apps")]
    .filter((folder, index, all) => all.indexOf(folder) === index)
    .map(read)
    .filter(({ manifest }) => manifest.private !== true)

/** The packages of these names, all of them without any. A name is a folder or what follows `@portolan/`. */
export const select = (names: ReadonlyArray<string>): ReadonlyArray<Package> =>
  publishable().filter(({ folder, short }) => names.length === 0 || names.includes(folder) || names.includes(short))

/** `@scope/name/sub` is of `@scope/name`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** Is it a package of this workspace? */
export const isOwn = (name: string): boolean => name.startsWith(scope)
