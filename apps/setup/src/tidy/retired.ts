/**
 * Names that were given up for the field's words, so that they do not come back. Each was one of several names of one
 * thing, or one name of several things; CONTRIBUTING.md ("Words") says what stands in their place.
 */
import type { Finding } from "./measures.ts"
import { lineAt, type SourceFile, walk } from "./tree.ts"

/** Names that no identifier of a source file may have. */
export const retired: ReadonlySet<string> = new Set(
  [
    "ConnectionStore trip trips depart Departure departureOf Arrival Arrived OtherBrowser standing stands",
    "rests told Told tell Desk desk Trouble Parts Words theirs homeward Once remember Remembered creating",
    "Frame reach everywhere sees Chosen keeper leaving lasting joining adopting chosen spell untold",
    "unread settled askable asked Asked ask asking postage pay Stationery Letter letter Intent intent",
    "Wanted wanted carryOut Later Parked giveBack standstill upkeep narrow widen Sight glance Spoken",
    "Described Answered Admitted Audience Who walls across acts sideDoors Ground Trial Shelf seams",
    "fiveFlows foundation keptMails"
  ].flatMap((line) => line.split(" "))
)

/** Finds a file without any of them by its text, so that its syntax tree need not be walked. */
const anywhere = new RegExp(`\\b(?:${[...retired].join("|")})\\b`)

/** Identifiers of a source file that are retired. */
export const retiredNames = (file: SourceFile): ReadonlyArray<Finding> => {
  if (file.isTest || !anywhere.test(file.text)) return []
  const found: Array<Finding> = []
  walk(file.program, (node) => {
    if (node.type !== "Identifier" || typeof node.name !== "string" || !retired.has(node.name)) return
    found.push({ measure: "names", file: file.path, line: lineAt(file, node.start), what: node.name })
  })
  return found
}
