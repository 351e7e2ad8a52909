/** When background work counts as standing still. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"

/** How background work stands at an instant. */
export interface Status {
  readonly at: DateTime.Utc
  /** How many workers live. */
  readonly living: number
  /** When a worker was last seen. Absent: none ever was. */
  readonly lastSeenAt?: DateTime.Utc
  /** How many jobs are under way. */
  readonly underWay: number
  /** Since when the oldest due job that is not under way has been due. Absent: none is due. */
  readonly oldestDueAt?: DateTime.Utc
}

/** For how long nobody may work before pages say so: longer than the replacement of a worker that was killed takes. */
export const patience = Duration.minutes(1)

/**
 * Since when nobody works: since the last sign of life where no worker lives, and since the oldest job fell due where
 * workers live and do nothing. A long queue alone is no standstill. Undefined while work goes on, before the first
 * worker was seen and nothing is due, and within `longest`.
 */
export const since = (
  { at, lastSeenAt, living, oldestDueAt, underWay }: Status,
  longest: Duration.Duration = patience
): DateTime.Utc | undefined => {
  const from = living === 0 ? (lastSeenAt ?? oldestDueAt) : oldestDueAt
  if (from === undefined || underWay > 0) return undefined
  return DateTime.isGreaterThan(at, DateTime.addDuration(from, longest)) ? from : undefined
}
