/** The applications of a console's world, at a provider that accepts secrets which begin with `good`. */
import { Applications, ApplicationSecrets } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import type { World } from "./World.ts"

/** What stands in every secret here and may stand on no page. */
export const secretMark = "verysecret"

const application = (
  name: string,
  channels: ReadonlyArray<string>,
  more: Partial<Applications.Application> = {}
): Applications.Application => ({
  id: `made-up/${name}`,
  name,
  // As long as those of providers are.
  clientId: `client-of-${name}.application-oa2-client.870e074ed53e56aeedb3856eafc8be8c`,
  channels,
  given: { secret: Redacted.make(`good ${secretMark} of the settings`) },
  lifeDays: 180,
  overlapDays: 7,
  attempt: ({ secret }) =>
    Effect.sync(() =>
      Redacted.value(secret).startsWith("good")
        ? { outcome: "accepted", detail: "" }
        : { outcome: "refused", detail: "invalid_client <b>bold</b>" }
    ),
  ...more
})

/** Three applications: one that makes secrets itself, one that does not, and one that cannot be asked alone. */
export const port: Applications.ApplicationsPort = {
  all: [
    application("amazon-sp", ["amazon-sp"], { requestRotation: () => Effect.void }),
    application("amazon-ads", ["amazon-ads"]),
    application("walmart-connect", ["walmart-connect"], {
      lifeDays: null,
      overlapDays: null,
      attempt: () => Effect.succeed({ outcome: "unclear", detail: "" })
    })
  ],
  readNotice: () => undefined
}

/** Sets a secret as the command of a server does. */
export const setSecret = (world: World, name: string, text: string, label?: string) =>
  world.run(
    Effect.flatMap(ApplicationSecrets.ApplicationSecrets, ({ set }) =>
      set(name, { secret: Redacted.make(`${text} ${secretMark}`), ...(label === undefined ? {} : { label }) })
    )
  )

/** Uses the secret that waits. */
export const promoteSecret = (world: World, name: string, insists = false) =>
  world.run(Effect.flatMap(ApplicationSecrets.ApplicationSecrets, ({ promote }) => promote(name, insists)))
