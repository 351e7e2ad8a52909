/** The manifest that is published: paths into the emitted tree, ranges instead of pins, shared libraries as peers. */
import { isOwn, type Manifest } from "./packages.ts"
import { defaultEngines, engines, exact, narrower, peers, repository } from "./published.ts"

/** Files that become JavaScript; everything else is copied. */
export const isCode = (file: string): boolean => /\.(ts|mts)$/.test(file)

/** `./src/index.ts` becomes `./index.js`, or its declarations. */
export const emitted = (file: string, extension: ".js" | ".d.ts"): string => {
  const moved = file.replace(/^\.\/src\//, "./")
  return isCode(file) ? moved.replace(/\.ts$/, extension) : moved
}

/** How an entry of `exports` is published. */
export type Target = string | { readonly types: string; readonly default: string }

const targetOf = (target: string): Target =>
  isCode(target) ? { types: emitted(target, ".d.ts"), default: emitted(target, ".js") } : emitted(target, ".js")

const mapValues = <A, B>(record: { readonly [key: string]: A }, change: (value: A, key: string) => B) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))

const rangeOf =
  ({ name: ofPackage }: Manifest) =>
  (pinned: string, name: string): string => {
    if (exact.has(name)) return pinned
    return narrower[ofPackage]?.[name] ?? peers[name] ?? `^${pinned}`
  }

const split = (manifest: Manifest) => {
  const declared = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
  const isPeer = ([name]: readonly [string, string]) => peers[name] !== undefined
  return {
    dependencies: mapValues(Object.fromEntries(declared.filter((one) => !isPeer(one))), rangeOf(manifest)),
    peerDependencies: mapValues(Object.fromEntries(declared.filter(isPeer)), rangeOf(manifest))
  }
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0

/** A published manifest. */
export interface Published extends Omit<Manifest, "exports"> {
  readonly exports: { readonly [subpath: string]: Target }
  readonly dependencies: { readonly [name: string]: string }
  readonly peerDependencies: { readonly [name: string]: string }
  readonly engines: { readonly node: string }
  readonly repository: { readonly type: "git"; readonly url: string; readonly directory: string }
}

/**
 * What is published for a package in this folder. Versions of the workspace's own packages become `^`: all of them are
 * released together, and a range lets npm keep one copy of each.
 */
export const manifestOf = (manifest: Manifest, folder: string): Published => {
  const { devDependencies: _dev, private: _private, exports: entries = {}, bin, sideEffects, ...kept } = manifest
  const { scripts: _scripts, ...published } = kept as typeof kept & { readonly scripts?: unknown }
  const { dependencies, peerDependencies } = split(manifest)
  const { dependencies: _pins, peerDependencies: _peers, peerDependenciesMeta, ...described } = published
  return {
    ...described,
    homepage: `${repository}/tree/main/${folder}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: "git", url: `git+${repository}.git`, directory: folder },
    sideEffects: Array.isArray(sideEffects) ? sideEffects.map((file) => emitted(file, ".js")) : false,
    engines: { node: engines[manifest.name] ?? defaultEngines },
    exports: { ...mapValues(entries, targetOf), "./package.json": "./package.json" },
    ...(bin === undefined ? {} : { bin: mapValues(bin, (file) => emitted(file, ".js").replace("./", "")) }),
    files: ["**/*"],
    dependencies,
    peerDependencies,
    ...(peerDependenciesMeta === undefined || isEmpty(peerDependenciesMeta) ? {} : { peerDependenciesMeta })
  } as Published
}

/** Names that the published package may import: its dependencies, its peers and itself. */
export const declared = (manifest: Published): ReadonlySet<string> =>
  new Set([manifest.name, ...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)])

/** The packages of the workspace that it depends on. */
export const ownDependencies = (manifest: Published): ReadonlyArray<string> =>
  Object.keys(manifest.dependencies).filter(isOwn)
