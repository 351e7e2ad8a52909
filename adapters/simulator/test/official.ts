/** Where the providers' own descriptions lie, for tests that compare with them; absent in most clones. */
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const above = (folder: string): string | undefined => {
  const here = join(folder, "shared/providers/official")
  if (existsSync(here)) return here
  return dirname(folder) === folder ? undefined : above(dirname(folder))
}

/** The folder of descriptions; undefined where nobody put one beside the clone. */
export const official = above(fileURLToPath(new URL(".", import.meta.url)))

/** Models of the Selling Partner API. */
export const models = official === undefined ? undefined : join(official, "sp-api/models")

/** Said by a test that has nothing to compare with. */
export const absent = "(not run: no descriptions of the providers lie beside this clone)"
