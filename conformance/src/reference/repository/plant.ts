/** Puts records of other releases into the model's storage. */
import type { Aggregate, Job } from "@portolan/domain"
import { Result } from "effect"
import type { PlantedRecord } from "../../laws/repository/RepositoryInstance.ts"
import type { Model } from "./listing.ts"
import { history } from "./MemoryBackend.ts"

const nothingThere = (what: string) => new Error(`there is no ${what} to plant in`)

const plantState = ({ backend, faultPoints }: Model, record: Extract<PlantedRecord, { readonly _tag: "State" }>) => {
  const place = faultPoints.place(record.organizationId, record.kind, record.id)
  const row = backend.rows.get(place)
  if (row === undefined) throw nothingThere(`${record.kind} ${record.id}`)
  const read = faultPoints.read(record.kind, "state", { ...record.stored, id: record.id })
  if (Result.isFailure(read)) backend.unreadable.set(row.state, read.failure)
  else backend.rows.set(place, { ...row, state: read.success as Aggregate.Present<Aggregate.Kind> })
}

const plantEvent = ({ backend, faultPoints }: Model, record: Extract<PlantedRecord, { readonly _tag: "Event" }>) => {
  const events = history(backend, record.organizationId)
  const index = events.findIndex(({ position }) => position === record.position)
  const event = events[index]
  if (event === undefined) throw nothingThere(`event at ${record.position}`)
  const read = faultPoints.read(event.aggregate.kind, "event", { ...record.stored, id: event.id })
  if (Result.isFailure(read)) backend.unreadable.set(event, read.failure)
  else events[index] = { ...event, event: read.success as Aggregate.DomainEvent }
}

const plantTask = ({ backend, faultPoints }: Model, record: Extract<PlantedRecord, { readonly _tag: "Task" }>) => {
  const task = backend.tasks.get(record.id)
  if (task === undefined) throw nothingThere(`job ${record.id}`)
  const read = faultPoints.read("job", "task", { ...record.stored, id: record.id })
  // A job that cannot be read is no work that anybody could do.
  if (Result.isFailure(read)) backend.tasks.set(record.id, { ...task, waits: false })
  else backend.tasks.set(record.id, { ...task, job: { ...task.job, task: read.success as Job.Task } })
}

/** The probe of the model. */
export const plant = (model: Model, record: PlantedRecord): void => {
  if (record._tag === "State") plantState(model, record)
  else if (record._tag === "Event") plantEvent(model, record)
  else plantTask(model, record)
}
