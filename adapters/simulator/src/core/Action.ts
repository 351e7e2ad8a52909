/** What happens to a world without a request: people revoke, permissions change, advertising starts. */
import * as AccountStatus from "../amazon/accountStatus.ts"
import * as Campaigns from "../amazon/Campaigns.ts"
import * as Rotation from "../amazon/Rotation.ts"
import { own } from "./Wire.ts"
import * as Happening from "../walmart/Happening.ts"
import type { Action, Clock, World } from "./World.ts"

/** Provider time in milliseconds. It never runs backwards. */
export const now = (clock: Clock, real: () => number): number => {
  if (clock.mode === "manual") return clock.last
  clock.last = Math.max(clock.last, real() + clock.offset)
  return clock.last
}

/** Whether a text can be a return address: it becomes a header, so it is plain, and it is compared byte for byte. */
export const isReturnUrl = (text: string): boolean =>
  /^https?:\/\/[\x21-\x7e]{1,2000}$/.test(text) && URL.canParse(text)

type AnyGrant = World["grants"][string] | World["walmart"]["grants"][string]

/** Consents of every provider. */
const grants = (world: World): ReadonlyArray<AnyGrant> => [
  ...Object.values(world.grants),
  ...Object.values(world.walmart.grants)
]

const grantAccount = (grant: AnyGrant): string | null => ("sellerId" in grant ? grant.sellerId : grant.account)

type Of<K extends Action["kind"]> = Extract<Action, { readonly kind: K }>

/** What one kind of action does; gives how many things it touched. */
type Handler<K extends Action["kind"]> = (world: World, action: Of<K>, at: number) => number

const revoke: Handler<"revoke"> = (world, action, at) => {
  const hit = grants(world).filter(
    (grant) =>
      grant.revokedAt === null &&
      (action.grant === undefined || grant.id === action.grant) &&
      (action.person === undefined || grant.person === action.person) &&
      (action.application === undefined || grant.clientId === action.application) &&
      (action.account === undefined || grantAccount(grant) === action.account)
  )
  for (const grant of hit) grant.revokedAt = at
  return hit.length
}

const setPermission: Handler<"permission"> = (world, action) => {
  const person = own(world.people, action.person)
  const ids = Object.values(world.profiles)
    .filter((profile) => profile.id === action.profile || profile.accountId === action.profile)
    .map((profile) => profile.id)
  if (person === undefined) return 0
  for (const id of ids) {
    if (action.access === "none") delete person.profiles[id]
    else person.profiles[id] = action.access
  }
  return ids.length
}

const delegate: Handler<"delegate"> = (world, { account, mayAuthorize, person }) => {
  const found = own(world.people, person)
  if (found === undefined || (!Object.hasOwn(world.sellers, account) && !Object.hasOwn(world.vendors, account)))
    return 0
  const rest = found.memberships.filter((one) => one.account !== account)
  const held = found.memberships.find((one) => one.account === account)
  found.memberships = [...rest, { account, primary: held?.primary ?? false, mayAuthorize }]
  return 1
}

const expireTokens: Handler<"expire-tokens"> = (world, action) => {
  const hit = grants(world).filter((grant) => action.grant === undefined || grant.id === action.grant)
  for (const grant of hit) grant.withdrawnSerial = grant.issued
  return hit.length
}

const activateAdvertising: Handler<"activate-advertising"> = (world, action, at) => {
  const profile = own(world.profiles, action.profile)
  if (profile === undefined) return 0
  Campaigns.create(world, profile.id, {
    name: "First campaign",
    state: "ENABLED",
    targetingType: "AUTO",
    startDate: new Date(at).toISOString().slice(0, 10),
    budget: "25"
  })
  profile.visibleFrom ??= at + world.policy.profileDelaySeconds * 1000
  return 1
}

const rotateSecret: Handler<"rotate-secret"> = (world, action, at) => {
  const application = own(world.applications, action.clientId)
  if (application === undefined) return 0
  Rotation.renew(world, application, at + action.overlapSeconds * 1000, null)
  return 1
}

const endSecret: Handler<"secret-end"> = (world, action, at) => {
  const application = own(world.applications, action.clientId)
  if (application === undefined) return 0
  Rotation.announceEnd(world, application, at + action.inSeconds * 1000)
  return 1
}

/** The applications that an address is registered for. */
const registering = (world: World, { clientId, url }: { readonly clientId?: string; readonly url: string }) => {
  if (!isReturnUrl(url)) throw new RangeError(`${url.slice(0, 100)} is not an absolute http or https address`)
  return Object.values(world.applications).filter((one) => clientId === undefined || one.clientId === clientId)
}

const setLoginUri: Handler<"login-uri"> = (world, action) => {
  const hit = registering(world, action)
  if (action.provider === "walmart") return Happening.setLoginUri(world, action.url, action.clientId)
  for (const one of hit) one.loginUri = action.url
  return hit.length
}

const allowReturnUrl: Handler<"return-url"> = (world, action) => {
  const hit = registering(world, action)
  for (const one of hit) if (!one.returnUrls.includes(action.url)) one.returnUrls.push(action.url)
  return hit.length + Happening.allowReturn(world, action.url, action.clientId)
}

const setPolicy: Handler<"policy"> = (world, action) => {
  const unknown = Object.keys(action.policy).filter((name) => !Object.hasOwn(world.policy, name))
  if (unknown.length > 0) throw new RangeError(`there is no policy ${unknown.join(", ").slice(0, 100)}`)
  Object.assign(world.policy, action.policy)
  return Object.keys(action.policy).length
}

const setPayment: Handler<"payment"> = (world, action) => {
  const profile = own(world.profiles, action.profile)
  if (profile === undefined) return 0
  profile.validPaymentMethod = action.valid
  return 1
}

const setParticipation: Handler<"participation"> = (world, action) => {
  const one = own(world.sellers, action.account)?.participations.find((one) => one.marketplaceId === action.marketplace)
  if (one === undefined) return 0
  one.isParticipating = action.isParticipating
  one.hasSuspendedListings = action.hasSuspendedListings
  return 1
}

const handlers: { readonly [K in Action["kind"]]: Handler<K> } = {
  revoke: revoke,
  permission: setPermission,
  delegate: delegate,
  "account-status": (world, { account, status }, at) => AccountStatus.change(world, account, status, at),
  "expire-tokens": expireTokens,
  "activate-advertising": activateAdvertising,
  "rotate-secret": rotateSecret,
  "secret-end": endSecret,
  "return-url": allowReturnUrl,
  "login-uri": setLoginUri,
  policy: setPolicy,
  payment: setPayment,
  participation: setParticipation,
  "walmart-access": Happening.run,
  "walmart-advertiser": Happening.run,
  "walmart-spend-limit": Happening.run,
  "walmart-partner-type": Happening.run,
  "walmart-key": Happening.run,
  "walmart-scope": Happening.run
}

/** How many things an action touched; 0 tells the caller that it named nothing that exists. */
export const run = <K extends Action["kind"]>(world: World, action: Of<K>, at: number): number => {
  const { kind } = action
  if (!Object.hasOwn(handlers, kind)) throw new RangeError(`there is no action of the kind ${String(kind)}`)
  const handler: Handler<K> = handlers[kind]
  return handler(world, action, at)
}

/** Runs everything that is due at an instant, in the order of its time. */
export const runDue = (world: World, at: number): void => {
  while (world.schedule.length > 0 && (world.schedule[0]?.at ?? Infinity) <= at) {
    const due = world.schedule.shift()
    if (due !== undefined) run(world, due.action, due.at)
  }
}

/** Puts an action on the calendar; equal times run in the order they were put there. */
export const schedule = (world: World, at: number, action: Action): void => {
  if (world.schedule.length >= 10_000) throw new RangeError("a world's calendar holds at most 10,000 entries")
  const index = world.schedule.findIndex((one) => one.at > at)
  world.schedule.splice(index === -1 ? world.schedule.length : index, 0, { at, action })
}
