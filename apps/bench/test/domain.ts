/**
 * `npm run bench -- domain`: one decision and the state it leads to, against a hand-written switch of the same rule,
 * and against XState 5 as a pure transition and as an actor.
 */
import { Connection, Id, type Profile } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { assign, createActor, createMachine, transition } from "xstate"
import { type Case, compare } from "../src/measure.ts"

const now = DateTime.makeUnsafe("2026-06-01T12:00:00Z")
const id = <K extends Id.Kind>(kind: K) => Id.make(kind, 1, new Uint8Array(Id.entropyBytes))

const profile: Profile.Candidate = {
  _tag: "SellingPartner",
  name: "Bench",
  countryCode: "US",
  currency: "USD",
  type: "seller",
  isParticipating: true,
  hasSuspendedListings: false,
  key: {
    channel: "amazon-sp",
    region: "NA",
    marketplaceId: "ATVPDKIKX0DER" as Profile.Key["marketplaceId"],
    externalId: "A1" as Profile.ExternalId
  }
}

const proposed: Connection.State = {
  _tag: "Proposed",
  id: id("connection"),
  organizationId: id("organization"),
  companyId: id("company"),
  accountId: id("account"),
  channel: "amazon-sp",
  marketplaceId: profile.key.marketplaceId,
  optional: false,
  proposedAt: now
}

const link: Connection.Link = {
  grantId: id("grant"),
  profile,
  permission: "edit",
  linkedAt: now,
  linkedBy: { _tag: "System", part: "bench" }
}

const command: Connection.Command = { _tag: "Link", link }

/** The rule as somebody would write it who needs no table, no reasons and no other states. */
const byHand = (state: Connection.State, asked: Connection.Command) => {
  switch (asked._tag) {
    case "Link": {
      if (state._tag !== "Proposed") return undefined
      const { channel, id: connectionId, ...rest } = state
      const fits =
        asked.link.profile.key.channel === channel && asked.link.profile.key.marketplaceId === rest.marketplaceId
      if (!fits) return undefined
      const event = { _tag: "Linked", connectionId, channel, link: asked.link }
      return {
        events: [event],
        state: { ...state, _tag: "Connected", link: asked.link, provenAt: asked.link.linkedAt }
      }
    }
    default:
      return undefined
  }
}

const machine = createMachine({
  types: {} as {
    context: { link?: Connection.Link; provenAt?: DateTime.Utc }
    events: { type: "link"; link: Connection.Link }
  },
  id: "connection",
  initial: "proposed",
  context: {},
  states: {
    proposed: {
      on: {
        link: {
          target: "connected",
          guard: ({ event }) => event.link.profile.key.marketplaceId === profile.key.marketplaceId,
          actions: assign(({ event }) => ({ link: event.link, provenAt: event.link.linkedAt }))
        }
      }
    },
    connected: {}
  }
})

const idle = createActor(machine).getSnapshot()

/** Decisions of one turn: a single one is shorter than what starts it. */
const batch = 1_000

const many = (name: string, once: () => unknown): Case => ({
  name,
  operation: Effect.sync(() => {
    for (let n = 0; n < batch; n++) once()
  })
})

/** Measures them, one lane. */
export const domain = (millis: number) =>
  compare(
    many("a hand-written switch", () => byHand(proposed, command)),
    [
      many("Connection.decide and replay", () => {
        const decision = Connection.decide(proposed, command)
        return decision._tag === "Success" ? Connection.replay(proposed, decision.success) : decision
      }),
      many("XState 5, a pure transition", () => transition(machine, idle, { type: "link", link })),
      many("XState 5, an actor", () => {
        const actor = createActor(machine).start()
        actor.send({ type: "link", link })
        return actor.getSnapshot()
      })
    ],
    { millis, lanes: 1 }
  )
