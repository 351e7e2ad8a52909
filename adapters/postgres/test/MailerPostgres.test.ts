/** Mails that are kept in the database instead of sent: once, the youngest first, one organization's own. */
import { describe, expect, it } from "@effect/vitest"
import { Id, EmailMessage, Text } from "@portolan/domain"
import { Mailer, Secrets } from "@portolan/ports"
import { type Context, Effect, Layer, Redacted } from "effect"
import { Database, PostgresAdapters } from "../src/index.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { options, secrets } from "./support/subjects.ts"

const mailbox = <E>(database: Layer.Layer<Database.Database, E>) =>
  Layer.merge(secrets, Layer.provide(PostgresAdapters.mailArchive(options), database))

const mail = (organizationId: Id.OrganizationId, id: string): Mailer.Mail => ({
  id,
  organizationId,
  to: { name: 'Kräuter "& Söhne"\r\nBcc: \0x', email: Text.Email.make("dana@ledgerline.example") },
  replyTo: { name: "", email: Text.Email.make("marta@harbor.example") },
  emailMessage: EmailMessage.notice({ subject: `About ${id}`, text: "株式会社 🧭", url: "https://connect.example/r/1" })
})

const keepsOnce = Effect.gen(function* () {
  const mailer = yield* Mailer.Mailer
  const { id } = yield* Secrets.Secrets
  const [one, other] = [yield* id("organization"), yield* id("organization")]
  expect(mailer.sends).toBe(false)
  for (const name of ["a", "b", "c", "a"]) yield* mailer.send(mail(one, name))
  yield* Effect.all(
    [1, 2, 3].map(() => mailer.send(mail(one, "d"))),
    { concurrency: "unbounded" }
  )
  yield* mailer.send(mail(other, "a"))
  const first = yield* mailer.kept(one, { limit: 3 })
  const rest = yield* mailer.kept(one, { limit: 3, cursor: first.next ?? "" })
  const all = [...first.items, ...rest.items]
  expect(all.map((kept) => kept.id).toSorted()).toEqual(["a", "b", "c", "d"])
  expect(all.map((kept) => kept.keptAt.epochMilliseconds)).toEqual(
    all.map((kept) => kept.keptAt.epochMilliseconds).toSorted((x, y) => y - x)
  )
  expect(rest).not.toHaveProperty("next")
  const { keptAt: _, ...kept } = all.find((found) => found.id === "a") ?? { keptAt: undefined }
  expect(kept).toEqual(mail(one, "a"))
  expect((yield* mailer.kept(other, { limit: 3 })).items).toHaveLength(1)
  const foreign = yield* Effect.flip(mailer.kept(other, { limit: 3, cursor: first.next ?? "" }))
  expect(foreign._tag).toBe("InvalidCursor")
})

describe("kept mails", () => {
  it.live("are kept once and read back as they were, on an embedded database", () =>
    Effect.provide(keepsOnce, mailbox(Database.layerPGlite()))
  )

  it.live(
    "are kept once on a server, are hidden from other organizations by the database itself, and have a limit",
    () =>
      Effect.gen(function* () {
        const { url } = yield* freshDatabase
        const context: Context.Context<Mailer.Mailer | Secrets.Secrets> = yield* Layer.build(
          mailbox(Database.layerPostgres({ url }))
        )
        yield* Effect.provide(keepsOnce, context)
        const organizationId = Id.make("organization", 1, new Uint8Array(Id.entropyBytes))
        yield* asSuperuser(Redacted.value(url), async (sql) => {
          const [{ organization_id: one } = {}] =
            await sql`select organization_id from portolan.kept_mails where id = 'a'`
          const seen = await sql.begin(async (trx) => {
            await trx.unsafe("set local role portolan_app")
            const unbound = await trx`select from portolan.kept_mails`
            await trx`select set_config('portolan.organization', ${String(one)}, true)`
            return {
              one,
              unbound: unbound.length,
              bound: await trx`select distinct organization_id from portolan.kept_mails`
            }
          })
          expect(seen.unbound).toBe(0)
          expect(seen.bound.map((row) => row.organization_id)).toEqual([seen.one])
          await sql`insert into portolan.kept_mails select ${organizationId}, 'old' || n, n, '{}'::json from generate_series(1, 1000) n`
        })
        yield* Effect.provide(
          Effect.flatMap(Mailer.Mailer, (mailer) => mailer.send(mail(organizationId, "new"))),
          context
        )
        const left = yield* asSuperuser(
          Redacted.value(url),
          (sql) => sql`select id from portolan.kept_mails where organization_id = ${organizationId} order by at desc`
        )
        expect(left).toHaveLength(Mailer.keptLimit)
        expect(left[0]?.id).toBe("new")
        expect(left.at(-1)?.id).toBe("old2")
      })
  )
})
