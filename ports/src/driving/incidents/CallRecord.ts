/**
 * What a process remembers of its calls to providers: the latest outcome of each grant by call, at most so many. It
 * costs no statement, and it is lost with the process; what many share is soon met again.
 */
import { type Channel, type Id, Incident, type Region } from "@portolan/domain"
import { DateTime } from "effect"
import type { Subject } from "./CallSubject.ts"

/** The most calls that are remembered; the oldest go first. */
export const recordLimit = 20_000

/** Minutes that successes and refusals are looked at to see whether an incident is over. */
export const healingMinutes = 5

/** A call as it is remembered. */
export interface Watched {
  readonly channel: Channel.Channel
  readonly region: Region.Region
  /** What was called, as far as one refusal of it is comparable with another: `token`, `discover`, `load/ad-spend`. */
  readonly call: string
  /** What exactly, e.g. one window of one profile; empty when there is nothing more to say. */
  readonly target: string
}

interface Entry extends Watched {
  readonly subject: Subject
  readonly at: number
  /** The kind of its refusal; undefined when the provider answered otherwise. */
  readonly refused: Incident.Kind | undefined
}

/** How many grants were refused and how many were not, in the same calls. */
export interface Figures {
  readonly sightings: ReadonlyArray<Incident.Sighting>
  readonly grants: number
  readonly organizations: number
  readonly worked: number
}

/** Where an incident is. */
export type Place = Pick<Incident.Present, "kind" | "channel" | "region">

const minuteMillis = 60_000
const lookMillis = 1000
/** Looking at so many calls costs no more than a call itself. */
const cheapLook = 2000

/** Puts something at the end of a map, and lets the oldest go when there are too many. */
const put = <A>(map: Map<string, A>, name: string, value: A): void => {
  map.delete(name)
  map.set(name, value)
  for (const oldest of map.keys()) {
    if (map.size <= recordLimit) break
    map.delete(oldest)
  }
}

/** The record of one process. */
export class CallRecord {
  readonly #entries = new Map<string, Entry>()
  readonly #firstRefusals = new Map<string, number>()
  readonly #looks = new Map<string, number>()

  /**
   * Notes an outcome. Gives whether it is the first refusal of exactly this in a row, or so soon after the first that
   * it shows nothing more.
   */
  note(
    watched: Watched,
    subject: Subject,
    refused: Incident.Kind | undefined,
    at: number
  ): { readonly isFirst: boolean } {
    const { call, channel, region, target } = watched
    const name = [channel, region, call, subject.organizationId, subject.grantId].join("\n")
    put(this.#entries, name, { ...watched, subject, at, refused })
    const exactly = `${name}\n${target}`
    if (refused !== "refused-for-many") {
      this.#firstRefusals.delete(exactly)
      return { isFirst: false }
    }
    const firstAt = this.#firstRefusals.get(exactly) ?? at
    put(this.#firstRefusals, exactly, firstAt)
    return { isFirst: at - firstAt < Incident.lookAgainMinutes * minuteMillis }
  }

  /**
   * Whether it is time to look at everything that is remembered, for one purpose: always while that is little, and once
   * a second when it is more, so that an outage of thousands of grants does not cost thousands of looks a second.
   */
  isTimeToLook(purpose: string, now: number): boolean {
    if (this.#entries.size > cheapLook && now - (this.#looks.get(purpose) ?? 0) < lookMillis) return false
    this.#looks.set(purpose, now)
    return true
  }

  /** The figures of a kind of refusal at a place, over so many minutes. Looks at every call that is remembered. */
  figures({ channel, kind, region }: Place, minutes: number, now: number): Figures {
    const recent = [...this.#entries.values()].filter(
      (entry) =>
        entry.channel === channel &&
        (region === undefined || entry.region === region) &&
        entry.at > now - minutes * minuteMillis
    )
    const refused = new Map<Id.GrantId, Entry>()
    for (const entry of recent) if (entry.refused === kind) refused.set(entry.subject.grantId, entry)
    const calls = new Set([...refused.values()].map(({ call }) => call))
    const worked = new Set(
      recent
        .filter(({ call, subject }) => calls.has(call) && !refused.has(subject.grantId))
        .map(({ subject }) => subject.grantId)
    )
    return {
      sightings: [...refused.values()].map(({ at, subject }) => ({
        grantId: subject.grantId,
        tenantId: subject.organizationId,
        at: DateTime.makeUnsafe(at)
      })),
      grants: refused.size,
      organizations: new Set([...refused.values()].map(({ subject }) => subject.organizationId)).size,
      worked: worked.size
    }
  }

  /** How many grants answered otherwise, and how many are still refused, in the calls that an incident is about. */
  healing(
    { call, channel, kind, openedAt, region }: Incident.Open,
    now: number
  ): { readonly worked: number; readonly refused: number } {
    const since = Math.max(DateTime.toEpochMillis(openedAt), now - healingMinutes * minuteMillis)
    const recent = [...this.#entries.values()].filter(
      (entry) =>
        entry.channel === channel &&
        (region === undefined || entry.region === region) &&
        entry.call === call &&
        entry.at >= since
    )
    const refused = new Set(recent.filter((entry) => entry.refused === kind).map(({ subject }) => subject.grantId))
    const worked = new Set(
      recent
        .filter((entry) => entry.refused === undefined && !refused.has(entry.subject.grantId))
        .map(({ subject }) => subject.grantId)
    )
    return { worked: worked.size, refused: refused.size }
  }
}
