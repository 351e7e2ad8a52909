/**
 * Records of other releases. The world in memory holds values of today, so what an earlier release wrote is read by the
 * domain's reader when it is put in; what cannot be read is kept beside it, and named whenever somebody asks for it.
 */
import { type Aggregate, type Id, type Job, Stored } from "@portolan/domain"
import { type Effect, HashMap, HashSet, Result } from "effect"
import { type Contents, type Memory, tenant, withTenant, write } from "./Memory.ts"

/** A record that takes the place of one that is there. */
export type OlderRecord = { readonly organizationId: Id.OrganizationId; readonly stored: Stored.Stored } & (
  | { readonly _tag: "State"; readonly kind: Aggregate.Kind; readonly id: string }
  | { readonly _tag: "Event"; readonly position: number }
  | { readonly _tag: "Task"; readonly id: Id.JobId }
)

const nothingThere = (what: string) => new Error(`there is no ${what} that a record could take the place of`)

const marked = (contents: Contents, value: object, failure: Stored.Unreadable): Contents => ({
  ...contents,
  unreadable: new Map([...contents.unreadable, [value, failure]])
})

type Of<Tag extends OlderRecord["_tag"]> = Extract<OlderRecord, { readonly _tag: Tag }>

const replaceState = (contents: Contents, { id, kind, organizationId, stored }: Of<"State">): Contents => {
  const own = tenant(contents, organizationId)
  const found = HashMap.get(own.aggregates, `${kind}/${id}`)
  if (found._tag === "None") throw nothingThere(`${kind} ${id}`)
  const read = Stored.readState(kind, { id, ...stored })
  if (Result.isFailure(read)) return marked(contents, found.value.state, read.failure)
  const aggregates = HashMap.set(own.aggregates, `${kind}/${id}`, { ...found.value, state: read.success })
  return withTenant(contents, organizationId, { ...own, aggregates })
}

const replaceEvent = (contents: Contents, { organizationId, position, stored }: Of<"Event">): Contents => {
  const own = tenant(contents, organizationId)
  const found = own.events[position - 1]
  if (found === undefined) throw nothingThere(`event at ${position}`)
  const read = Stored.readEvent(found.aggregate.kind, { id: found.id, ...stored })
  if (Result.isFailure(read)) return marked(contents, found, read.failure)
  const events = own.events.with(position - 1, { ...found, event: read.success })
  return withTenant(contents, organizationId, { ...own, events })
}

const replaceTask = (contents: Contents, { id, stored }: Of<"Task">): Contents => {
  const found = HashMap.get(contents.tasks, id)
  if (found._tag === "None") throw nothingThere(`job ${id}`)
  const read = Stored.readTask({ id, ...stored })
  const job = (task: Job.Task): Job.Job => ({ ...found.value.job, task })
  return Result.isSuccess(read)
    ? { ...contents, tasks: HashMap.set(contents.tasks, id, { ...found.value, job: job(read.success) }) }
    : {
        ...contents,
        tasks: HashMap.set(contents.tasks, id, { ...found.value, status: "parked", reason: read.failure.message }),
        waiting: HashSet.remove(contents.waiting, id)
      }
}

/** Puts a record of another release in the place of one that is there; a defect where there is none. */
export const replace = (memory: Memory["Service"], record: OlderRecord): Effect.Effect<void> =>
  write(memory, (contents) => {
    switch (record._tag) {
      case "State":
        return [undefined, replaceState(contents, record)]
      case "Event":
        return [undefined, replaceEvent(contents, record)]
      case "Task":
        return [undefined, replaceTask(contents, record)]
    }
  })
