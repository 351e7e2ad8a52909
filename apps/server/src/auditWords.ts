/** What `npm run audit` understands. */
import { Id } from "@portolan/domain"
import type { AuditLogPostgres } from "@portolan/postgres"
import { Result, Schema } from "effect"

/** What is asked for. */
export type Action =
  | { readonly _tag: "verify"; readonly organizationId?: Id.OrganizationId; readonly against?: string }
  | { readonly _tag: "export"; readonly organizationId: Id.OrganizationId }
  | { readonly _tag: "erase"; readonly erasure: AuditLogPostgres.Erasure; readonly isSure: boolean }

/** What was typed. */
export interface Options {
  readonly action: Action
  readonly json: boolean
}

/** What the command understands. */
export const usage = `npm run audit -- verify              compares everything on record with the hash chains,
                                     and names who has the right to change it
                --organization ORG   one organization alone
                --against FILE       also with the heads in an earlier output of verify --json
                --json               one JSON object instead of words
npm run audit -- export --organization ORG
                                     the chain with its records as JSON lines, the oldest first
npm run audit -- erase --organization ORG --record SOURCE:PLACE --because TEXT --yes
                                     takes one record away that the law wants erased; its entry stays, with the reason.
                                     SOURCE is event, security or token-read; PLACE its row, as an export names it`

/** The words do not say what to do. */
export class UnknownAction extends Schema.TaggedError<UnknownAction>()("UnknownAction", { given: Schema.String }) {
  override get message(): string {
    return `It is not clear what to do with '${this.given}'.\n\n${usage}`
  }
}

const isOrganization = Schema.is(Id.OrganizationId)
const valued = new Set(["--organization", "--against", "--record", "--because"])

/** The words without their options, and the options by name; nothing when one is unknown or lacks its value. */
const optionsOf = (words: ReadonlyArray<string>) => {
  const names: Array<string> = []
  const given = new Map<string, string>()
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ""
    if (!word.startsWith("--")) names.push(word)
    else if (word === "--json" || word === "--yes") given.set(word, "")
    else {
      const value = words[index + 1]
      if (!valued.has(word) || value === undefined) return undefined
      given.set(word, value)
      index += 1
    }
  }
  return { names, given }
}

const erasureOf = (record: string | undefined): Pick<AuditLogPostgres.Erasure, "source" | "place"> | undefined => {
  const [, source, place] = /^(event|security|token-read):([0-9]{1,15})$/.exec(record ?? "") ?? []
  return source === "event" || source === "security" || source === "token-read"
    ? { source, place: Number(place) }
    : undefined
}

const actionOf = (name: string | undefined, given: ReadonlyMap<string, string>): Action | undefined => {
  const organizationId = given.get("--organization")
  if (organizationId !== undefined && !isOrganization(organizationId)) return undefined
  const against = given.get("--against")
  switch (name) {
    case "verify":
      return {
        _tag: "verify",
        ...(organizationId === undefined ? {} : { organizationId }),
        ...(against === undefined ? {} : { against })
      }
    case "export":
      return organizationId === undefined ? undefined : { _tag: "export", organizationId }
    case "erase": {
      const record = erasureOf(given.get("--record"))
      const because = given.get("--because")?.trim() ?? ""
      if (organizationId === undefined || record === undefined || because === "") return undefined
      return { _tag: "erase", erasure: { organizationId, ...record, because }, isSure: given.has("--yes") }
    }
    default:
      return undefined
  }
}

/** Reads what was typed. */
export const parse = (words: ReadonlyArray<string>): Result.Result<Options, UnknownAction> => {
  const read = optionsOf(words)
  const action = read?.names.length === 1 ? actionOf(read.names[0], read.given) : undefined
  return action === undefined || read === undefined
    ? Result.fail(new UnknownAction({ given: words.join(" ").slice(0, 200) }))
    : Result.succeed({ action, json: read.given.has("--json") })
}
