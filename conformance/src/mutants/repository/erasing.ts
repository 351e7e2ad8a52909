/** Sinks that are wrong about erasing: REPO-44. */
import { Effect } from "effect"
import { type MemoryBackend } from "../../reference/repository/MemoryBackend.ts"
import * as ModelSink from "../../reference/repository/ModelSink.ts"
import { mutant } from "./mutant.ts"

const erasing = (
  backend: MemoryBackend,
  isErased: (place: string, row: string, target: string) => boolean,
  connectionId: string,
  target: string
) => {
  let count = 0
  for (const [place, rows] of backend.landed) {
    for (const row of rows.keys()) {
      if (!place.includes(connectionId) || !isErased(place, row, target)) continue
      rows.delete(row)
      count += 1
    }
  }
  return count
}

/** Trusts ids to be unique. */
export const erasesForeign = mutant(
  "sink-erases-by-id-alone",
  "REPO-44",
  "Erases the rows of a connection's id in every organization.",
  {
    sink: (backend) => ({
      ...ModelSink.make(backend),
      erase: (_organizationId, connectionId) =>
        ModelSink.accessOf(backend)(() => erasing(backend, () => true, connectionId, ""))
    })
  }
)

/** Knows one class of data. */
export const erasesOneClass = mutant(
  "sink-erases-one-class",
  "REPO-44",
  "Erases advertising, and leaves other classes.",
  {
    sink: (backend) => ({
      ...ModelSink.make(backend),
      erase: (organizationId, connectionId) =>
        ModelSink.accessOf(backend)(() =>
          erasing(
            backend,
            (place, row, target) => place === target && row.includes("advertising"),
            connectionId,
            ModelSink.place(organizationId, connectionId)
          )
        )
    })
  }
)

/** Marks rows as erased, and counts the marks again. */
export const countsAgain = mutant(
  "sink-counts-the-erased",
  "REPO-44",
  "Says the same number again when there is nothing left.",
  {
    sink: (backend) => {
      const sink = ModelSink.make(backend)
      const erased = new Map<string, number>()
      return {
        ...sink,
        erase: (organizationId, connectionId) =>
          Effect.map(sink.erase(organizationId, connectionId), (rows) => {
            const at = ModelSink.place(organizationId, connectionId)
            erased.set(at, (erased.get(at) ?? 0) + rows)
            return erased.get(at) ?? 0
          })
      }
    }
  }
)
