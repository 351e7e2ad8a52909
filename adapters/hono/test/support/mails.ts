/** The mails that a world kept, because it sends none. */
import { Id } from "@portolan/domain"
import { Mailer } from "@portolan/ports"
import { Context, Effect } from "effect"
import type { World } from "./world.ts"

/** Mails, the youngest first. */
export type KeptMails = ReadonlyArray<Mailer.KeptMail>

/** Mails of an organization, or of people who belong to none. */
export const kept = (world: World, organizationId: Id.OrganizationId = Id.installation): Effect.Effect<KeptMails> =>
  Context.get(world.context, Mailer.Mailer)
    .kept(organizationId, { limit: 100 })
    .pipe(
      Effect.map(({ items }) => items),
      Effect.orDie
    )
