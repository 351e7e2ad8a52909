/**
 * What the tests of the worker share: an account of one organization, time that passes, and work as a scheduler hands
 * it out.
 */
import type { Id, Job } from "@portolan/domain"
import { Memory, NotifierMemory, ProviderScript } from "@portolan/memory"
import { Connections, ProviderApi, Scheduler, JobHandlers } from "@portolan/ports"
import { Context, Deferred, Effect, HashMap, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { account, adsKey, caller, connected, working, world } from "./world.ts"

export const by = caller()
export const key = adsKey("2973802954634317")
export const candidate = ProviderScript.candidate(key)

/** Lets time pass in steps, so that work which calls for work is carried out as time goes by. */
export const pass = Effect.fnUntraced(function* (hours: number, step = 1) {
  for (let hour = 0; hour < hours; hour += step) {
    yield* TestClock.adjust(`${Math.round(step * 3_600)} seconds`)
    for (let turn = 0; turn < 150; turn++) yield* Effect.yieldNow
  }
})

export const script = ProviderScript.ProviderScript
const topics = Effect.map(NotifierMemory.notices, (all) => all.map(({ topic }) => topic))
export const told = (topic: string) => Effect.map(topics, (all) => all.filter((one) => one === topic).length)
export const view = (id: Id.ConnectionId) => Effect.flatMap(Connections.Connections, (all) => all.view(by, id))
export const progress = (id: Id.ConnectionId) =>
  Effect.flatMap(Connections.Connections, (all) =>
    all.ledger(by, id).pipe(
      Effect.map(({ windows }) => windows.map(({ _tag }) => _tag)),
      Effect.catchTag("NotFound", () => Effect.succeed([]))
    )
  )
export const deadLetters = Effect.flatMap(Scheduler.Scheduler, (scheduler) => scheduler.deadLetters(by.organizationId))
export const loads = Effect.map(
  Effect.flatMap(script, ({ calls }) => calls),
  (calls) => calls.filter(({ operation }) => operation === "load").length
)

/** An account that is connected, its load done. */
export const settled = Effect.gen(function* () {
  const made = yield* account(by)
  yield* connected(by, made.ads.id, "one", key, "ada")
  yield* working
  return made
})

/** Every piece of work of one kind that waits, as a scheduler would hand it out. */
export const waiting = Effect.fnUntraced(function* (kind: Job.Task["_tag"]) {
  const { tasks } = yield* Ref.get((yield* Memory.Memory).contents)
  return HashMap.toValues(tasks)
    .filter((task) => task.status === "waiting" && task.job.task._tag === kind)
    .map(({ failures, job }): Scheduler.Due => ({ failures, job }))
})

export const one = <A>(all: ReadonlyArray<A>): A => {
  const [first] = all
  if (first === undefined || all.length !== 1) throw new Error(`one was expected, there are ${all.length}`)
  return first
}

/** A worker of its own, over driven ports of which some are replaced. */
export const worker = Effect.map(Layer.build(Layer.fresh(JobHandlers.JobHandlers.layer)), (context) =>
  Context.get(context, JobHandlers.JobHandlers)
)

/** A provider whose loads wait for a signal, and a signal that one is waiting. */
export const held = Effect.gen(function* () {
  const provider = yield* ProviderApi.ProviderApi
  const asked = yield* Deferred.make<void>()
  const go = yield* Deferred.make<void>()
  const service: ProviderApi.ProviderApi["Service"] = {
    ...provider,
    load: (access, request) =>
      Deferred.succeed(asked, undefined).pipe(
        Effect.andThen(Deferred.await(go)),
        Effect.andThen(provider.load(access, request))
      )
  }
  return { service, asked: Deferred.await(asked), go: Deferred.succeed(go, undefined) }
})

export const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(Effect.scoped(effect), world)
