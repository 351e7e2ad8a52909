/** A process that seals anew until nothing is left: one of those that the drill kills. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { MasterKeys } from "@portolan/ports"
import { DeploymentSecrets, KeysCommand, Settings } from "@portolan/server"
import { Effect } from "effect"

const work = Effect.gen(function* () {
  const settings = yield* Effect.fromResult(Settings.decode(process.env))
  const secrets = yield* DeploymentSecrets.load(settings, false)
  yield* Effect.provide(
    Effect.flatMap(MasterKeys.MasterKeys, ({ rewrapAll }) =>
      rewrapAll(({ remaining }) => Effect.sync(() => void process.stdout.write(`${remaining}\n`)))
    ),
    KeysCommand.custody(settings, secrets)
  )
})

NodeRuntime.runMain(work)
