/**
 * Attempts to see, do or keep more than was given: stale rights, races, look-alikes, and lists that are not to be
 * believed.
 */
import { describe, expect, it } from "@effect/vitest"
import { Access, Id, type Marketplace, type Profile, type Text } from "@portolan/domain"
import { MemoryAdapters, ProviderScript } from "@portolan/memory"
import {
  Accounts,
  AccessTokens,
  Advertisers,
  ApiKeys,
  AuthLinks,
  Callers,
  Companies,
  Connecting,
  Connections,
  useCases,
  Deployment,
  Directory,
  Grants,
  Mailer,
  Members,
  Organizations,
  PendingAuthorizations,
  Requests,
  SigningUp
} from "@portolan/ports"
import { Duration, Effect, Fiber, Layer, Redacted, Result, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { after, outcome, within } from "./support/gate.ts"
import { mails, office, tokenIn } from "./support/office.ts"
import { callerOf, founder, invited, joined } from "./support/people.ts"
import {
  account,
  adsKey,
  caller,
  connected,
  cookie,
  marketplaces,
  sees,
  settle,
  working,
  world
} from "./support/world.ts"

const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(Effect.andThen(effect, settle)).pipe(Effect.provide(world))
const reason = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.result(effect), (result) => {
    if (result._tag === "Success") return "allowed"
    const error: unknown = result.failure
    return typeof error === "object" && error !== null && "reason" in error
      ? error.reason
      : typeof error === "object" && error !== null && "_tag" in error
        ? error._tag
        : error
  })
const bearer = (secret: Redacted.Redacted<string> | undefined) =>
  new Headers({ authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` })

describe("ownership", () => {
  it.effect("is offered to one member and accepted by that one alone, however many ask at once", () =>
    here(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const ada = yield* founder("Ada")
        const [ann, mia] = [yield* joined(ada.caller, "Ann"), yield* joined(ada.caller, "Mia")]
        // Both requests were admitted while Ada owned the organization.
        const both = yield* Effect.forkChild(
          Effect.all(
            [
              reason(organizations.offerOwnership(ada.caller, ann.member.id)),
              reason(organizations.offerOwnership(ada.caller, mia.member.id))
            ],
            { concurrency: "unbounded" }
          )
        )
        yield* settle
        expect((yield* Fiber.join(both)).toSorted()).toEqual(["allowed", "already-exists"])
        const accepting = yield* Effect.forkChild(
          Effect.all(
            [reason(organizations.acceptOwnership(ann.caller)), reason(organizations.acceptOwnership(mia.caller))],
            { concurrency: "unbounded" }
          )
        )
        yield* settle
        const [first, second] = yield* Fiber.join(accepting)
        expect([first, second].filter((one) => one === "allowed")).toHaveLength(1)
        // Whoever gave it away a moment ago has nothing to give.
        expect(yield* reason(organizations.offerOwnership(ada.caller, ann.member.id))).toBe("not-permitted")
        expect(
          [(yield* callerOf(ann)).role, (yield* callerOf(mia)).role].filter((role) => role === "owner")
        ).toHaveLength(1)
      })
    )
  )
})

describe("keys that make keys", () => {
  it.effect("give no longer life than they have, and take what they made with them", () =>
    here(
      Effect.gen(function* () {
        const keys = yield* ApiKeys.ApiKeys
        const callers = yield* Callers.Callers
        const ada = yield* founder("Ada")
        const made = yield* keys.create(ada.caller, {
          name: "Short",
          scopes: ["manage-people", "read"],
          life: Duration.hours(3)
        })
        const short = yield* callers.whoIs(bearer(made.secret))
        expect(yield* reason(keys.create(short, { name: "Long", scopes: ["read"], life: Duration.days(700) }))).toBe(
          "not-permitted"
        )
        const child = yield* keys.create(short, { name: "Child", scopes: ["read", "manage-people"] })
        expect(child.key.expiresAt).toEqual(made.key.expiresAt)
        const grandchild = yield* keys.create(yield* callers.whoIs(bearer(child.secret)), {
          name: "Grandchild",
          scopes: ["read"]
        })
        const other = yield* keys.create(ada.caller, { name: "Other", scopes: ["read"] })
        yield* keys.revoke(ada.caller, made.key.id)
        for (const secret of [made.secret, child.secret, grandchild.secret]) {
          expect(yield* reason(callers.whoIs(bearer(secret)))).toBe("NotSignedIn")
        }
        expect((yield* callers.whoIs(bearer(other.secret))).name).toBe("Other")
      })
    )
  )
})

describe("keys that manage people", () => {
  it.effect("make nobody more than they are themselves", () =>
    here(
      Effect.gen(function* () {
        yield* working
        const [keys, callers, members] = [yield* ApiKeys.ApiKeys, yield* Callers.Callers, yield* Members.Members]
        const ada = yield* founder("Ada")
        const { member: vic } = yield* joined(ada.caller, "Vic", "viewer")
        const keyWith = (scopes: readonly [Access.Action, ...ReadonlyArray<Access.Action>]) =>
          Effect.flatMap(keys.create(ada.caller, { name: "Staff list", scopes }), ({ secret }) =>
            callers.whoIs(bearer(secret))
          )
        const raised = (by: Access.Caller, role: Access.GivenRole) =>
          Effect.all([
            reason(
              members.invite(by, {
                email: `${role}-${by.scopes?.length}@example.com` as Text.Email,
                role,
                accessScope: Access.everything
              })
            ),
            reason(members.changeAccess(by, vic.id, { role, accessScope: Access.everything }))
          ])
        const few = yield* keyWith(["manage-people", "read"])
        expect(yield* raised(few, "admin")).toEqual(["not-permitted", "not-permitted"])
        expect(yield* raised(few, "member")).toEqual(["not-permitted", "not-permitted"])
        expect(yield* raised(few, "viewer")).toEqual(["allowed", "allowed"])
        const all = yield* keyWith(["manage-people", "administer", "connect", "read"])
        expect(yield* raised(all, "admin")).toEqual(["allowed", "allowed"])
      })
    )
  )
})

describe("an invitation to join", () => {
  it.effect("is for the address it was sent to, not for one that looks or folds like it", () =>
    here(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const { token } = yield* invited(ada.caller, "Fiona")
        for (const email of [
          "\ufb01ona@example.com",
          "f\uff49ona@example.com",
          "fiona@ex\u00adample.com",
          "f\u0456ona@example.com"
        ]) {
          const person = { personId: "per_00000000000000000000000077" as Id.PersonId, name: "Fi", email }
          expect([email, yield* reason(members.accept(person, token))]).toEqual([email, "wrong-person"])
          expect([email, yield* reason(members.decline(person, token))]).toEqual([email, "wrong-person"])
        }
        const upper = {
          personId: "per_00000000000000000000000078" as Id.PersonId,
          name: "Fiona",
          email: "FIONA@Example.com"
        }
        expect((yield* members.accept(upper, token))._tag).toBe("Active")
        const alike = yield* members.invite(ada.caller, {
          email: "\ufb01ona@example.com" as Text.Email,
          role: "viewer",
          accessScope: Access.everything
        })
        expect(alike.member._tag).toBe("Invited")
      })
    )
  )
})

describe("limited access and tokens", () => {
  it.effect("a token of a consent that serves an account out of reach is not handed out", () =>
    Effect.gen(function* () {
      const by = caller()
      const tokens = yield* AccessTokens.AccessTokens
      const grants = yield* Grants.Grants
      const script = yield* ProviderScript.ProviderScript
      const one = yield* account(by, "One")
      const other = yield* account(by, "Other")
      const [first, second] = [adsKey("1111111111111111"), adsKey("2222222222222222")]
      const connecting = yield* Connecting.Connecting
      yield* script.consents("code", sees("ada", ProviderScript.candidate(first), ProviderScript.candidate(second)))
      const authorizationRedirect = yield* connecting.authenticateNow(by, one.ads.id)
      yield* connecting.receive(
        "amazon-ads",
        new URLSearchParams({ code: "code", state: authorizationRedirect.url.searchParams.get("state") ?? "" }),
        authorizationRedirect.browser
      )
      const pending = yield* (yield* Grants.Grants).list(by, {}, { limit: 10 })
      const grantId = pending.items[0]?.grant.id
      if (grantId === undefined) return yield* Effect.die("a consent was expected")
      yield* grants.link(by, grantId, { connectionId: one.ads.id, key: first, confirmed: true })
      const who = caller("member", 1, {
        _tag: "Limited",
        companies: [],
        brands: [],
        accounts: [{ id: one.account.id, right: "write" }]
      })
      expect(yield* reason(tokens.ofConnection(who, one.ads.id))).toBe("allowed")
      yield* grants.link(by, grantId, { connectionId: other.ads.id, key: second, confirmed: true })
      expect(yield* reason(tokens.ofConnection(who, one.ads.id))).toBe("not-permitted")
      expect(yield* reason(tokens.ofConnection(by, one.ads.id))).toBe("allowed")
    }).pipe(Effect.provide(world))
  )
})

/** A consent that sees two profiles and waits for a choice, and two accounts. */
const waiting = Effect.fnUntraced(function* (by: Access.Caller) {
  const one = yield* account(by, "One")
  const other = yield* account(by, "Other")
  const keys = [adsKey("1111111111111111"), adsKey("2222222222222222")] as const
  const script = yield* ProviderScript.ProviderScript
  const connecting = yield* Connecting.Connecting
  yield* script.consents("code", sees("ada", ProviderScript.candidate(keys[0]), ProviderScript.candidate(keys[1])))
  const authorizationRedirect = yield* connecting.authenticateNow(by, one.ads.id)
  const query = new URLSearchParams({ code: "code", state: authorizationRedirect.url.searchParams.get("state") ?? "" })
  const { items } = yield* Effect.andThen(
    connecting.receive("amazon-ads", query, authorizationRedirect.browser),
    (yield* Grants.Grants).list(by, {}, { limit: 10 })
  )
  const grantId = items[0]?.grant.id
  return grantId === undefined
    ? yield* Effect.die("a consent was expected")
    : { one, other, keys, grantId, authorizationId: authorizationRedirect.authorizationId }
})

describe("a consent that waits for a choice", () => {
  it.effect("is not revoked because another account that used it is disconnected", () =>
    here(
      Effect.gen(function* () {
        const by = caller()
        yield* working
        const { authorizationId, grantId, keys, one, other } = yield* waiting(by)
        const grants = yield* Grants.Grants
        yield* grants.link(by, grantId, { connectionId: other.ads.id, key: keys[1], confirmed: true })
        yield* (yield* Connections.Connections).disconnect(by, other.ads.id)
        yield* settle
        expect((yield* grants.view(by, grantId)).grant._tag).toBe("Active")
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        yield* pending.select(by, authorizationId, { key: keys[0], confirmed: true })
        expect(yield* reason((yield* AccessTokens.AccessTokens).ofConnection(by, one.ads.id))).toBe("allowed")
        yield* (yield* Connections.Connections).disconnect(by, one.ads.id)
        yield* settle
        expect((yield* grants.view(by, grantId)).grant).toMatchObject({ _tag: "Ended", end: "disconnected" })
      })
    )
  )

  it.effect("that is over by now connects nothing", () =>
    here(
      Effect.gen(function* () {
        const by = caller()
        yield* working
        const { authorizationId, grantId, keys, one, other } = yield* waiting(by)
        const script = yield* ProviderScript.ProviderScript
        yield* (yield* Grants.Grants).link(by, grantId, { connectionId: other.ads.id, key: keys[1], confirmed: true })
        yield* settle
        yield* script.withdraw("ada")
        yield* TestClock.adjust("25 hours")
        yield* settle
        expect((yield* (yield* Grants.Grants).view(by, grantId)).grant._tag).toBe("Ended")
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        expect(yield* reason(pending.select(by, authorizationId, { key: keys[0], confirmed: true }))).toBe(
          "not-possible-now"
        )
        expect((yield* (yield* Connections.Connections).view(by, one.ads.id)).connection._tag).toBe("AwaitingSelection")
      })
    )
  )
})

describe("somebody who is removed while they are at the provider", () => {
  it.effect("does not answer for the consent they come back with", () =>
    here(
      Effect.gen(function* () {
        yield* working
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia")
        const made = yield* account(ada.caller)
        const script = yield* ProviderScript.ProviderScript
        const connecting = yield* Connecting.Connecting
        yield* script.consents("code", sees("mia", ProviderScript.candidate(adsKey("1111111111111111"))))
        const authorizationRedirect = yield* connecting.authenticateNow(mia.caller, made.ads.id)
        yield* (yield* Members.Members).remove(ada.caller, mia.member.id)
        yield* connecting.receive(
          "amazon-ads",
          new URLSearchParams({ code: "code", state: authorizationRedirect.url.searchParams.get("state") ?? "" }),
          authorizationRedirect.browser
        )
        const { items } = yield* (yield* Grants.Grants).list(ada.caller, {}, { limit: 10 })
        expect(items.map(({ grant }) => grant.responsibleMember)).toEqual([undefined])
      })
    )
  )
})

describe("an account that was removed", () => {
  it.effect("has no new links: whoever followed one would be turned away", () =>
    here(
      Effect.gen(function* () {
        const [accounts, links] = [yield* Accounts.Accounts, yield* AuthLinks.AuthLinks]
        const by = caller()
        const own = yield* account(by)
        yield* accounts.remove(by, own.account.id)
        expect(yield* reason(links.create(by, own.ads.id, {}))).toBe("not-possible-now")
        yield* accounts.restore(by, own.account.id)
        expect(yield* reason(links.create(by, own.ads.id, {}))).toBe("allowed")
      })
    )
  )
})

describe("an account whose data is being erased", () => {
  it.effect(
    "is not connected in the middle of it, and is loaded anew afterwards: nothing is erased that counts as loaded",
    () =>
      here(
        Effect.gen(function* () {
          const by = caller()
          const accounts = yield* Accounts.Accounts
          const connections = yield* Connections.Connections
          const made = yield* account(by)
          const key = adsKey("1111111111111111")
          yield* connected(by, made.ads.id, "one", key)
          yield* Effect.scoped(working)
          yield* connections.disconnect(by, made.ads.id)
          yield* accounts.deleteData(by, made.account.id)
          // Due, and the worker has not come to it, or is at it: a large account takes a while.
          yield* TestClock.adjust("8 days")
          expect(yield* reason(connected(by, made.ads.id, "two", key))).toBe("not-possible-now")
          yield* working
          expect((yield* accounts.view(by, made.account.id)).erasedAt).toBeDefined()
          yield* connected(by, made.ads.id, "three", key)
          yield* settle
          expect((yield* connections.view(by, made.ads.id)).backfill?.overall).toBe(1)
        })
      )
  )
})

describe("a request whose connection was ended on purpose", () => {
  it.effect("does not connect it again by itself; a person decides", () =>
    here(
      Effect.gen(function* () {
        const by = caller()
        yield* office(by)
        const made = yield* account(by)
        const key = adsKey("2973802954634317")
        yield* connected(by, made.ads.id, "first", key)
        const requests = yield* Requests.Requests
        const owner = { name: "Olive Owner", email: "olive@harbour.example" }
        yield* requests.send(by, { connectionId: made.ads.id, owner, marketplaceId: marketplaces.US })
        yield* working
        const token = Redacted.make(
          tokenIn((yield* mails(by.organizationId)).find(({ to }) => to.email === owner.email)?.emailMessage.text ?? "")
        )
        const connections = yield* Connections.Connections
        yield* TestClock.adjust("1 minute")
        yield* connections.disconnect(by, made.ads.id)
        yield* settle
        const script = yield* ProviderScript.ProviderScript
        const given = sees("olive", ProviderScript.candidate(key))
        yield* script.consents("owner", given)
        const authorizationRedirect = yield* (yield* AuthLinks.AuthLinks).follow(token, cookie("owner"))
        const query = new URLSearchParams({
          code: "owner",
          state: authorizationRedirect.url.searchParams.get("state") ?? ""
        })
        const arrival = yield* (yield* Connecting.Connecting).receive(
          "amazon-ads",
          query,
          authorizationRedirect.browser
        )
        expect(arrival._tag === "Handled" && arrival.authorization._tag).toBe("AwaitingSelection")
        expect((yield* connections.view(by, made.ads.id)).connection._tag).toBe("Disconnected")
      })
    )
  )
})

const operator: Access.Operator = {
  actor: { _tag: "Operator", personId: "per_00000000000000000000000099" as Id.PersonId, name: "Opal" }
}
const market = "WALMART_US" as Marketplace.MarketplaceId
const advertiser = (n: number) =>
  ProviderScript.advertiser(
    {
      channel: "walmart-connect",
      region: "WALMART-US",
      marketplaceId: market,
      externalId: `${7_000 + n}` as Profile.ExternalId
    },
    { name: `Lanterns ${n}` }
  )
const lists = (...all: ReadonlyArray<Profile.Advertiser>) =>
  Effect.flatMap(ProviderScript.ProviderScript, (script) => script.partners("WALMART-US", all))
const pass = Effect.fnUntraced(function* (minutes: number) {
  for (let minute = 0; minute < minutes; minute += 5) {
    yield* TestClock.adjust("5 minutes")
    for (let turn = 0; turn < 300; turn++) yield* Effect.yieldNow
  }
})

/** An advertiser that is assigned to an organization and ready to be linked. */
const assigned = Effect.gen(function* () {
  yield* working
  const { caller: ours, organization } = yield* founder("Ada")
  yield* lists(advertiser(1), advertiser(2))
  const directory = yield* Directory.Directory
  yield* directory.begin()
  yield* pass(5)
  const { items } = yield* directory.advertisers(operator, {}, { limit: 10 })
  const advertiserId = items.find((one) => one.advertiser.name === "Lanterns 1")?.id
  if (advertiserId === undefined) return yield* Effect.die("it was expected in the directory")
  yield* directory.assign(operator, advertiserId, organization.id)
  yield* pass(5)
  const { company } = yield* (yield* Companies.Companies).add(ours, { name: "Lantern Makers", brand: "Lantern" })
  const opened = yield* (yield* Accounts.Accounts).create(ours, {
    companyId: company.id,
    name: "Lanterns US",
    accountType: "walmart-3p",
    marketplaces: [market]
  })
  const { items: tiles } = yield* (yield* Connections.Connections).list(ours, { accountId: opened.id }, { limit: 10 })
  const id = tiles.find(({ connection }) => connection.channel === "walmart-connect")?.connection.id
  if (id === undefined) return yield* Effect.die("a tile was expected")
  const [one] = yield* (yield* Advertisers.Advertisers).available(ours, id)
  if (one === undefined) return yield* Effect.die("an advertiser was expected")
  return { advertiserId, directory, grantId: one.grantId, id, ours, us: organization.id }
})

describe("a list of advertisers that is not to be believed", () => {
  it.effect(
    "an empty one where several were known disconnects nobody, however often it comes; the last one known can go",
    () =>
      here(
        Effect.gen(function* () {
          const { grantId, id, ours } = yield* assigned
          yield* (yield* Advertisers.Advertisers).link(ours, id, { grantId, confirmed: true })
          yield* pass(5)
          yield* lists()
          yield* pass(120)
          const now = Effect.flatMap(Connections.Connections, (all) =>
            Effect.map(all.view(ours, id), ({ connection }) => connection._tag)
          )
          expect(yield* now).toBe("Connected")
          yield* lists(advertiser(1))
          yield* pass(60)
          expect(yield* now).toBe("Connected")
          yield* lists()
          yield* pass(60)
          expect(yield* now).toBe("ReauthorizationNeeded")
        })
      )
  )
})

describe("an operator takes an advertiser back while it is linked", () => {
  const over = (by: Access.Caller, id: Id.ConnectionId) =>
    Effect.map(
      Effect.flatMap(Connections.Connections, (all) => all.view(by, id)),
      ({ connection }) => connection._tag
    )

  it.effect("taken back before the link is written: nothing is linked", () =>
    within(
      Effect.gen(function* () {
        const { advertiserId, directory, grantId, id, ours } = yield* assigned
        yield* after("grant", Effect.andThen(directory.unassign(operator, advertiserId), pass(5)))
        const linked = yield* outcome((yield* Advertisers.Advertisers).link(ours, id, { grantId, confirmed: true }))
        yield* pass(10)
        expect(yield* over(ours, id)).toBe("Proposed")
        expect(Result.isFailure(linked)).toBe(true)
      })
    )
  )

  it.effect("linked while it is being taken back: it does not stay linked", () =>
    within(
      Effect.gen(function* () {
        const { advertiserId, directory, grantId, id, ours } = yield* assigned
        const links = yield* Advertisers.Advertisers
        yield* after("users", links.link(ours, id, { grantId, confirmed: true }))
        yield* directory.unassign(operator, advertiserId)
        yield* pass(10)
        expect(yield* over(ours, id)).toBe("Disconnected")
      })
    )
  )
})

describe("a mail server that is slow, or says who exists", () => {
  /** Sends nothing, ever: it answers for some addresses, and for the others it takes all the time in the world. */
  const server = Layer.effect(
    Mailer.Mailer,
    Effect.map(Mailer.Mailer, (mailer) =>
      Mailer.Mailer.of({
        ...mailer,
        sends: true,
        send: (mail) =>
          mail.to.email.startsWith("gone")
            ? Effect.fail(new Mailer.MailRefused({ reason: "550" }))
            : mail.id.startsWith("verify")
              ? mailer.send(mail)
              : Effect.never
      })
    )
  )
  const over = useCases.pipe(
    Layer.provideMerge(server),
    Layer.provideMerge(MemoryAdapters.layer()),
    Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" }))
  )

  it.effect("a forgotten password is answered at once and alike, whoever is registered", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const signingUp = yield* SigningUp.SigningUp
        const password = Redacted.make("a long enough password")
        const email = (text: string) => `${text}@example.com` as Text.Email
        yield* signingUp.signUp({ name: "Ada", email: email("ada"), password }, new Headers())
        yield* Effect.exit(signingUp.signUp({ name: "Gone", email: email("gone"), password }, new Headers()))
        for (const who of ["ada", "gone", "nobody"]) {
          expect([who, yield* reason(signingUp.forgotten(email(who), new Headers()))]).toEqual([who, "allowed"])
          expect([who, yield* reason(signingUp.resend(email(who), new Headers()))]).toEqual([who, "allowed"])
        }
      })
    ).pipe(Effect.provide(over))
  )

  it.effect(
    "somebody who signs up waits for one email, also where a stranger has used up the other mails to the address",
    () =>
      here(
        Effect.gen(function* () {
          const signingUp = yield* SigningUp.SigningUp
          const signUp = (who: string) =>
            signingUp.signUp(
              {
                name: "Somebody",
                email: `${who}@example.com` as Text.Email,
                password: Redacted.make("a long enough password")
              },
              new Headers()
            )
          const emailMessages = (who: string) =>
            Effect.map(
              mails(Id.installation),
              (all) => all.filter(({ to }) => to.email === `${who}@example.com`).length
            )
          yield* signUp("ada")
          for (let n = 0; n < 20; n++)
            yield* Effect.exit(signingUp.forgotten("ada@example.com" as Text.Email, new Headers()))
          const before = yield* emailMessages("ada")
          yield* signUp("ada")
          yield* signUp("nobody")
          expect([(yield* emailMessages("ada")) - before, yield* emailMessages("nobody")]).toEqual([1, 1])
        })
      )
  )
})
