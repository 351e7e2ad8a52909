/** The adapters in memory as a subject of the conformance suite, written as somebody outside writes one. */
import { join } from "node:path"
import { rolldown } from "rolldown"
import { root } from "../packages.ts"

/** A module of the adapters, as the files of the subject name it; its address in the published package. */
const published = (source: string): string | undefined => {
  const [, module] = /^(?:\.\.?\/)+src\/(\w+)\.ts$/.exec(source) ?? []
  return module === undefined ? undefined : `@portolan/memory/${module}`
}

/**
 * The subjects of every port, importing the published packages instead of the files beside them, as JavaScript that
 * every Node runs.
 */
export const subjectText = async (): Promise<string> => {
  const built = await rolldown({
    input: join(root, "adapters/memory/conformance.ts"),
    platform: "neutral",
    logLevel: "silent",
    plugins: [
      {
        name: "published",
        resolveId: (source) => {
          const id = published(source) ?? (/^(@|[a-z])/.test(source) ? source : undefined)
          return id === undefined ? undefined : { id, external: true }
        }
      }
    ]
  })
  const { output } = await built.generate({ format: "esm" })
  await built.close()
  const [chunk, ...more] = output
  if (more.length > 0) throw new Error("the subject of the adapters in memory is more than one module")
  return chunk.code
}
