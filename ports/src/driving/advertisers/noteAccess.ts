/** Connections that wait for an advertiser, and what they learn about it (rule W-R10). */
import { Advertiser, type Connection, given, type Id, type Profile } from "@portolan/domain"
import { Effect } from "effect"
import { pageLimit } from "../../driven/Repository.ts"
import { change, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { complete, type JobContext, type TaskOf } from "../work/jobContext.ts"

/** What became of an advertiser in an organization. */
export interface AccessNews {
  readonly tenantId: Id.OrganizationId
  readonly advertiser: Profile.Advertiser
  /** Whether it can be linked, or no longer. */
  readonly isReady: boolean
}

type Awaiting = Extract<Connection.Present, { readonly _tag: "AwaitingAccess" }>

/** Puts on record, for the connections that wait for an advertiser, that it can be linked, or no longer. */
export const noteAccess = Effect.fnUntraced(function* (deps: ChangeDeps, { actor }: JobContext, news: AccessNews) {
  const { advertiser, isReady, tenantId: organizationId } = news
  const { channel, marketplaceId } = advertiser.key
  if (isReady && (yield* deps.repository.holders(organizationId, [advertiser.key])).length > 0) return
  const { items } = yield* deps.repository
    .connections(organizationId, { channel, marketplaceId, states: ["AwaitingAccess"] }, { limit: pageLimit })
    .pipe(
      // A first page has no cursor that could be invalid.
      Effect.catchTag("InvalidCursor", Effect.die)
    )
  const name = isReady ? advertiser.name : undefined
  for (const { id } of concerned(
    items.filter((one) => one._tag === "AwaitingAccess"),
    news
  )) {
    yield* change(deps, { organizationId, actor }, [
      on("connection", id, (at) => given({ _tag: "NoteAccess", at, advertiser: name }))
    ])
  }
})

/**
 * The connections that an advertiser concerns: one that is ready is meant when it has the very name or id that was
 * expected, or when only one connection waits in its market; one that is gone when it had arrived there.
 */
const concerned = (waiting: ReadonlyArray<Awaiting>, { advertiser, isReady }: AccessNews): ReadonlyArray<Awaiting> => {
  if (!isReady) return waiting.filter(({ expected }) => expected.arrived?.advertiser === advertiser.name)
  const open = waiting.filter(({ expected }) => expected.arrived === undefined)
  const named = open.filter(({ expected }) => Advertiser.isNamed(advertiser, expected.advertiser))
  if (named.length > 0) return named
  return open.length === 1 ? open : []
}

/** Reports an expectation that is late, once, when it still is (rule W-R10). */
export const checkAccess = (deps: ChangeDeps, job: JobContext, { connectionId }: TaskOf<"CheckAccess">) =>
  complete(deps, job, [
    on("connection", connectionId, (at, { _tag }) => (_tag === "AwaitingAccess" ? { _tag: "CheckAccess", at } : []))
  ])
