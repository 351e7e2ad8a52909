/** The adapters in memory as a subject of the conformance suite, written as somebody outside writes one. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { transformSync } from "rolldown/utils"
import { root } from "../packages.ts"

/**
 * The subject of the repository, importing the published packages instead of the files beside it, as JavaScript that
 * every Node runs.
 */
export const subjectText = (): string => {
  const file = join(root, "adapters/memory/conformance.ts")
  const { code, errors } = transformSync(file, readFileSync(file, "utf8"))
  if (errors.length > 0) throw new Error(`${file} cannot be transformed`)
  return code.replace(/"\.\/src\/(\w+)\.ts"/g, (_all, module: string) => `"@portolan/memory/${module}"`)
}
