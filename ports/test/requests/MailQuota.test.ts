/**
 * A daily limit on emails to people outside, so that neither a member nor a stolen key makes the installation a sender
 * of spam.
 */
import { describe, expect, it } from "@effect/vitest"
import { Access, MailQuota } from "@portolan/domain"
import { ApiKeys, Callers, Consolidations, Members, Requests, SigningUp } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { after, outcome, within } from "../support/gate.ts"
import { email, founder, mails, password } from "../support/people.ts"
import { account, marketplaces, settle, working } from "../support/world.ts"

const owner = (n: number) => ({ name: "Olive Owner", email: `olive${n}@harbour.example` })
const tooMany = { failure: { _tag: "Refused", reason: "too-many", subject: "MailQuota" } }

/** An organization with so many emails sent, each to another address. */
const office = Effect.fnUntraced(function* (sent: number) {
  const members = yield* Members.Members
  const ada = yield* founder("Ada")
  const invite = (name: string) =>
    members.invite(ada.caller, { email: email(name), role: "viewer", accessScope: Access.everything })
  yield* Effect.forEach(Array.from({ length: sent }), (_, turn) => invite(`guest${turn}`))
  return { ada, invite, members, ...(yield* account(ada.caller)) }
})

describe("emails to people outside", () => {
  it.effect("are counted together, whatever they are about; two at once do not both get the last one", () =>
    within(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const plans = yield* Consolidations.Consolidations
        const keys = yield* ApiKeys.ApiKeys
        const { ads, ada, company, invite, members } = yield* office(MailQuota.limit - 4)
        const ask = (n: number, by = ada.caller) =>
          requests.send(by, {
            connectionId: ads.id,
            owner: owner(n),
            marketplaceId: marketplaces.US,
            ...(by.actor._tag === "Person" ? {} : { requester: { name: "Key", email: "anybody@elsewhere.example" } })
          })
        yield* ask(1)
        yield* plans.mail(ada.caller, company.id, { email: email("Planner") })
        // What a key sends in somebody's name is two emails to people it names.
        const { secret } = yield* keys.create(ada.caller, { name: "Export", scopes: ["connect", "read"] })
        const key = yield* (yield* Callers.Callers).whoIs(
          new Headers({ authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` })
        )
        yield* invite("last-but-two")
        expect(yield* outcome(ask(2, key))).toMatchObject(tooMany)
        // The last email is sent by somebody else after this one was counted: it counts again.
        yield* after("history", ask(3))
        expect(yield* outcome(invite("racer"))).toMatchObject(tooMany)
        expect(yield* outcome(ask(4))).toMatchObject(tooMany)
        expect(
          (yield* requests.list(ada.caller, {}, { limit: 10 })).items.map(({ link }) => link.request.owner.email)
        ).toEqual([owner(3).email, owner(1).email])
        const { items } = yield* members.list(ada.caller, { states: ["Invited"] }, { limit: 100 })
        const [first] = items
        expect(
          yield* outcome(members.mailAgain(ada.caller, first?.member.id ?? (yield* Effect.die("somebody was invited"))))
        ).toMatchObject(tooMany)
        // Somebody's own emails are no emails of the organization.
        yield* (yield* SigningUp.SigningUp).signUp({ name: "New", email: email("New"), password }, new Headers())
        expect((yield* mails()).some(({ to }) => to.email === email("New"))).toBe(true)
        yield* TestClock.adjust("24 hours")
        yield* ask(5)
      })
    )
  )

  it.effect("reach one address ten times in a day, by whichever way", () =>
    within(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const { ada, ads, invite, members, sp } = yield* office(0)
        yield* working
        const { link } = yield* requests.send(ada.caller, {
          connectionId: ads.id,
          owner: { name: "O", email: email("Olive") },
          marketplaceId: marketplaces.US
        })
        const { member } = yield* invite("Olive")
        for (let turn = 0; turn < 4; turn++) {
          yield* TestClock.adjust("1 second")
          yield* requests.mailAgain(ada.caller, link.id)
          yield* members.mailAgain(ada.caller, member.id)
        }
        yield* settle
        expect((yield* mails(ada.organization.id)).filter(({ to }) => to.email === email("Olive"))).toHaveLength(
          MailQuota.addressLimit
        )
        const more = requests.send(ada.caller, {
          connectionId: sp.id,
          owner: { name: "O", email: email("olive") },
          marketplaceId: marketplaces.US
        })
        expect(yield* outcome(more)).toMatchObject(tooMany)
      })
    )
  )
})
