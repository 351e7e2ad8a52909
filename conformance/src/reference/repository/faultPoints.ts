import { createHmac } from "node:crypto"
import { type Aggregate, type Id, Profile, Stored } from "@portolan/domain"
import { type Repository, UnitOfWork } from "@portolan/ports"
import type { Result } from "effect"
import type { Held } from "./MemoryBackend.ts"

/** What a list is sorted by: a value, then the id. */
export type SortKey = readonly [value: string | number, id: string]

/** A claim that binds. */
export type Hold = Extract<UnitOfWork.Claim, { readonly _tag: "Hold" }>

/** A value of today, or why there is none. */
export type Reading = Result.Result<object, Stored.Unreadable>

/** The small decisions of the model, each a place where somebody once decided otherwise. Mutants replace one. */
export interface FaultPoints {
  /** The key under which an aggregate lies in storage. */
  readonly place: (organizationId: Id.OrganizationId, kind: Aggregate.Kind, id: string) => string
  /** What is unique about a bound profile. */
  readonly claimPlace: (key: Profile.Key, organizationId: Id.OrganizationId) => string
  /** Whether a hold counts within its organization only; `before` is the hold that its connection has. */
  readonly isClaimed: (claim: Hold, before: Held | undefined) => boolean
  /** Whether a hold that counts for all stands in the way of a claim of another organization. */
  readonly answersClaims: boolean
  /** Whether a write comes too late, given the version found. */
  readonly isStale: (write: UnitOfWork.Write, found: number) => boolean
  /** The version that a write leads to. */
  readonly version: (write: UnitOfWork.Write) => number
  /** What a caller is told about a profile that somebody holds. */
  readonly taken: (change: UnitOfWork.Change, key: Profile.Key, holder: Held) => UnitOfWork.ProfileTaken
  /** Whether a claim frees what is held. */
  readonly frees: (change: UnitOfWork.Change, claim: UnitOfWork.Claim, holder: Held) => boolean
  /** What is stored for a state, an event or a piece of work. */
  readonly keep: <A>(value: A) => A
  /** How a stored record becomes a value of today. */
  readonly read: (kind: Aggregate.Kind | "job", part: "state" | "event" | "task", stored: Stored.Stored) => Reading
  /** What a list shows of records that cannot be read. */
  readonly named: (unreadable: ReadonlyArray<Stored.Unreadable>) => ReadonlyArray<Stored.Unreadable>
  /** Whether work may be completed. */
  readonly isWaiting: (waits: boolean | undefined) => boolean
  /** Orders two places of one list. */
  readonly compare: (one: SortKey, other: SortKey) => number
  /** The page size for what was asked. */
  readonly size: (requested: number) => number
  /** The total of a list, given all its items, those from the page's first on, and how far to count. */
  readonly total: (all: number, left: number, countUpTo: number) => Repository.Total
  /** Whether there is another page after one that gave `given` of `left` items. */
  readonly hasNext: (given: number, left: number, size: number) => boolean
  /** Writes a cursor for a list after the item at a place; `index` counts the items given so far. */
  readonly seal: (list: string, after: SortKey, index: number) => string
  /** Tells which items of a sorted list a cursor continues with; undefined when it is refused. */
  readonly resume: <A extends { readonly at: SortKey }>(
    list: string,
    cursor: string,
    sorted: ReadonlyArray<A>,
    compare: FaultPoints["compare"]
  ) => ReadonlyArray<A> | undefined
}

const byText = (one: string, other: string) => Buffer.from(one).compare(Buffer.from(other))

const byValue = (one: string | number, other: string | number) =>
  typeof one === "number" && typeof other === "number" ? one - other : byText(String(one), String(other))

const sign = (text: string) => createHmac("sha256", "the model's own key").update(text).digest("base64url")

/** Reads what is in a cursor, sealed or not. */
export const contentOf = (cursor: string): { readonly list: string; readonly after: SortKey } | undefined => {
  try {
    return JSON.parse(Buffer.from(cursor.split(".")[0] ?? "", "base64url").toString())
  } catch {
    return undefined
  }
}

/** The decisions as they should be. */
export const faultPoints: FaultPoints = {
  place: (organizationId, kind, id) => JSON.stringify([organizationId, kind, id]),
  claimPlace: (key) => Profile.keyText(key),
  isClaimed: (claim, before) => claim.claimed === true && before?.claimed !== false,
  answersClaims: false,
  isStale: (write, found) => write.expected !== found,
  version: (write) => write.expected + 1,
  taken: (change, key, holder) =>
    new UnitOfWork.ProfileTaken({
      profile: key.externalId,
      ...(holder.organizationId === change.organizationId
        ? { holder: { accountId: holder.accountId, connectionId: holder.connectionId } }
        : {})
    }),
  frees: (change, claim, holder) =>
    holder.organizationId === change.organizationId && holder.connectionId === claim.connectionId,
  keep: (value) => value,
  read: (kind, part, stored) => {
    if (kind === "job") return Stored.readTask(stored)
    return part === "state" ? Stored.readState(kind, stored) : Stored.readEvent(kind, stored)
  },
  named: (unreadable) => unreadable,
  isWaiting: (waits) => waits === true,
  compare: (one, other) => byValue(one[0], other[0]) || byText(one[1], other[1]),
  size: (requested) => Math.min(100, Math.max(1, Math.trunc(requested))),
  total: (all, _left, countUpTo) => ({ count: Math.min(all, countUpTo), isCapped: all > countUpTo }),
  hasNext: (given, left) => left > given,
  seal: (list, after) => {
    const text = Buffer.from(JSON.stringify({ list, after })).toString("base64url")
    return `${text}.${sign(text)}`
  },
  resume: (list, cursor, sorted, compare) => {
    const [text = "", signature, ...rest] = cursor.split(".")
    const content = contentOf(cursor)
    if (rest.length > 0 || signature !== sign(text) || content?.list !== list) return
    return sorted.filter(({ at }) => compare(at, content.after) > 0)
  }
}
