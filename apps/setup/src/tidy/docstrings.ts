/** Docstrings: what a published package exports says what it means. */
import type { Finding } from "./measures.ts"
import { lineAt, type Node, type SourceFile } from "./tree.ts"

const published = /^(domain|ports|conformance|adapters\/[^/]+)\/src\//

const nameOf = (node: Node): string | undefined => {
  const [first] = (node.declarations ?? [node]) as ReadonlyArray<{ readonly id?: { readonly name?: string } }>
  return first?.id?.name
}

/** Exported declarations without a docstring. A type has that of the schema with its name right above it. */
export const undocumented = (file: SourceFile): ReadonlyArray<Finding> => {
  if (!published.test(file.path)) return []
  const documented = new Set<string>()
  return (file.program.body as ReadonlyArray<Node>).flatMap((node): ReadonlyArray<Finding> => {
    const declaration = node.type === "ExportNamedDeclaration" ? (node.declaration as Node | null) : null
    const name = declaration === null ? undefined : nameOf(declaration)
    if (name === undefined) return []
    if (file.text.slice(0, node.start).trimEnd().endsWith("*/")) documented.add(name)
    else if (!documented.has(name))
      return [{ measure: "docstrings", file: file.path, line: lineAt(file, node.start), what: name }]
    return []
  })
}
