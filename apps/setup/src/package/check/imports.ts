/** What a module names of other packages, in code and in declarations. */
import { readFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { join } from "node:path"
import { type Node, parse, walk } from "../../tidy/tree.ts"
import { filesOf } from "../build.ts"
import { declared, type Published } from "../manifest.ts"
import { packageOf } from "../packages.ts"

const literalOf = (node: unknown): ReadonlyArray<string> => {
  const { literal, type, value } = (node ?? {}) as { type?: string; value?: unknown; literal?: unknown }
  if (type === "TSLiteralType") return literalOf(literal)
  return type === "Literal" && typeof value === "string" ? [value] : []
}

/** `require.resolve("x")`, `import.meta.resolve("x")`: files of another package that are read, not imported. */
const resolvedBy = (node: Node): ReadonlyArray<string> => {
  const callee = node.callee as { readonly property?: { readonly name?: string }; readonly object?: Node }
  if (callee.property?.name !== "resolve") return []
  const named = callee.object?.type === "MetaProperty" || callee.object?.name === "require"
  return named ? literalOf((node.arguments as ReadonlyArray<unknown>)[0]) : []
}

const specifiersOf = (node: Node): ReadonlyArray<string> => {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
      return literalOf(node.source)
    case "TSImportType":
      return [...literalOf(node.source), ...literalOf(node.argument)]
    case "CallExpression":
      return resolvedBy(node)
    default:
      return []
  }
}

/** Every module that a text names: imports, re-exports, imported types, resolved files. */
export const modulesNamed = (path: string, text: string): ReadonlyArray<string> => {
  const found = new Set<string>()
  walk(parse(path, text).program, (node) => {
    for (const specifier of specifiersOf(node)) found.add(specifier)
  })
  return [...found]
}

const isPackage = (specifier: string): boolean =>
  !specifier.startsWith(".") && !specifier.startsWith("node:") && !builtinModules.includes(specifier)

/** Packages that the files of a folder name and the manifest does not declare, each with the file that names it. */
export const undeclared = (folder: string, manifest: Published): ReadonlyArray<string> => {
  const known = declared(manifest)
  return filesOf(folder)
    .filter((file) => /\.(js|ts)$/.test(file) && !file.startsWith("static/"))
    .flatMap((file) =>
      modulesNamed(file, readFileSync(join(folder, file), "utf8"))
        .filter((specifier) => isPackage(specifier) && !known.has(packageOf(specifier)))
        .map((specifier) => `${file} imports ${specifier}, which the manifest does not declare`)
    )
}
