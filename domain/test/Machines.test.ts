/** What holds for every machine alike. */
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, Refused } from "@portolan/domain"
import { Arbitrary, Effect, Result, Schema } from "effect"
import * as commands from "./support/commands.ts"
import { read, write } from "./support/json.ts"
import { stories, tell } from "./support/Story.ts"
import * as transitions from "./support/transitions.ts"
import { declared, type Edges, ends } from "./support/transitions.ts"
import { frozen, nearby } from "./support/values.ts"

const sentence = /^.+[.?!]$/s

const tried: Array<Aggregate.Kind> = []

/** The laws, for one machine. */
const laws = <K extends Aggregate.Kind>(
  kind: K,
  { any, creation }: commands.Commands<K>,
  edges: Edges<K>,
  { isCopy = false } = {}
) => {
  tried.push(kind)
  type State = Aggregate.Types[K]["state"]
  type Event = Aggregate.Types[K]["event"]
  type Command = Aggregate.Types[K]["command"]
  const machine = Aggregate.machine(kind)
  const State: Schema.Codec<State, unknown> = Aggregate.machines[kind].State
  const Event: Schema.Codec<Event, unknown> = Aggregate.machines[kind].Event
  const states = Arbitrary.map(Arbitrary.schema(State), nearby)
  const events = Arbitrary.map(Arbitrary.schema(Event), nearby)
  const told = stories(kind, creation, any, 20)
  const encode = (state: State) => write(State, state)
  const sameState = Schema.toEquivalence(State)
  const sameEvent = Schema.toEquivalence(Event)

  describe(kind, () => {
    it.prop(
      "every command on every state is answered, and a refusal says what, why and what next",
      [states, any],
      ([state, command]) => {
        const decision = machine.decide(state, command)
        if (Result.isSuccess(decision)) return
        const refused = decision.failure
        expect(refused).toBeInstanceOf(Refused.Refused)
        expect(refused.subject.toLowerCase()).toBe(kind.toLowerCase())
        expect(refused.command).toBe(command._tag)
        expect(Refused.Reason.literals).toContain(refused.reason)
        expect(refused.detail).toMatch(sentence)
        expect(refused.nextStep).toMatch(sentence)
        expect(refused.message).toBe(`${refused.detail} ${refused.nextStep}`)
      },
      { arbitrary: { runs: 200 } }
    )

    it.prop(
      "every event on every state gives a state that can be kept",
      [states, events],
      ([state, event]) => {
        encode(machine.evolve(state, event))
      },
      { arbitrary: { runs: 200 } }
    )

    it.prop(
      "a decision depends on its input alone and leaves it untouched",
      [states, any, events],
      ([state, command, event]) => {
        frozen([state, command, event])
        const decided = machine.decide(state, command)
        expect(machine.decide(state, command)).toEqual(decided)
        expect(machine.evolve(state, event)).toEqual(machine.evolve(state, event))
        if (Result.isSuccess(decided))
          decided.success.reduce<State>((next, one) => frozen(machine.evolve(next, one)), state)
      }
    )

    it.prop(
      "only declared transitions happen",
      [told],
      ([steps]) => {
        for (const { after, before, command, events } of steps) {
          if (events.length === 0) expect(after).toBe(before)
          else expect(edges[before._tag as State["_tag"]][command._tag as Command["_tag"]] ?? []).toContain(after._tag)
        }
      },
      { arbitrary: { runs: 150 } }
    )

    it("every declared transition happens", () => {
      const seen = new Set<string>()
      const sampled = Effect.runSync(
        Arbitrary.sampleEffect(stories(kind, creation, any, 25, 15), { count: 1500, seed: 1 })
      )
      for (const { after, before, command, events } of sampled.flat()) {
        if (events.length > 0) seen.add(`${before._tag} ${command._tag} ${after._tag}`)
      }
      expect([...declared(edges)].filter((edge) => !seen.has(edge))).toEqual([])
    })

    it("no state is a trap: each can reach a good end", () => {
      const good = new Set<string>(ends[kind])
      for (let grown = true; grown;) {
        const before = good.size
        for (const edge of declared(edges)) {
          const [from = "", , to = ""] = edge.split(" ")
          if (good.has(to)) good.add(from)
        }
        grown = good.size > before
      }
      expect(Object.keys(edges).filter((state) => !good.has(state))).toEqual([])
    })

    it.prop(
      "a final state stays, whatever is asked or told",
      [told, any, events],
      ([steps, command, event]) => {
        const last = steps.at(-1)?.after
        if (last === undefined || Object.values(edges[last._tag as State["_tag"]]).length > 0) return
        expect(tell(kind, [command], last).at(-1)?.after).toBe(last)
        expect(machine.evolve(last, event)).toBe(last)
      },
      { arbitrary: { runs: 150 } }
    )

    it.prop("a creation that is told again does not start anew", [told], ([steps]) => {
      const [created] = steps[0]?.events ?? []
      const last = steps.at(-1)?.after
      if (!isCopy && created !== undefined && last !== undefined) expect(machine.evolve(last, created)).toBe(last)
    })

    it.prop(
      "a command that is repeated gives no new event, or a refusal",
      [told],
      ([steps]) => {
        for (const { after, command, events } of steps) {
          if (events.length === 0) continue
          const again = machine.decide(after, command)
          if (Result.isSuccess(again)) expect(again.success, command._tag).toEqual([])
        }
      },
      { arbitrary: { runs: 200 } }
    )

    it.prop(
      "an event that is told twice counts once, whatever the state",
      [states, events],
      ([state, event]) => {
        const once = machine.evolve(state, event)
        expect(encode(machine.evolve(once, event)), event._tag).toBe(encode(once))
      },
      { arbitrary: { runs: 400 } }
    )

    it.prop(
      "what one command led to counts once, also when a store hands it over twice",
      [told],
      ([steps]) => {
        for (const { after, command, events } of steps) {
          const twice = events.reduce<State>((state, event) => {
            const once = machine.evolve(state, event)
            expect(encode(machine.evolve(once, event)), event._tag).toBe(encode(once))
            return once
          }, after)
          expect(encode(twice), command._tag).toBe(encode(after))
        }
      },
      { arbitrary: { runs: 200 } }
    )

    it.prop("a state is the fold of its events, also when they come from a store", [told], ([steps]) => {
      let state = machine.initial
      for (const step of steps) {
        for (const event of step.events) state = machine.evolve(state, read(Event, write(Event, event)))
        expect(encode(state)).toBe(encode(step.after))
      }
    })

    it.prop(
      "states are kept without loss, to the last digit",
      [Arbitrary.schema(State)],
      ([state]) => {
        expect(encode(read(State, encode(state)))).toBe(encode(state))
        expect(sameState(read(State, encode(state)), state)).toBe(true)
      },
      { arbitrary: { runs: 200 } }
    )

    it.prop(
      "events are kept without loss, alone and among those of all machines",
      [Arbitrary.schema(Event)],
      ([event]) => {
        expect(write(Event, read(Event, write(Event, event)))).toBe(write(Event, event))
        expect(sameEvent(read(Event, write(Event, event)), event)).toBe(true)
        expect(write(Aggregate.DomainEvent, read(Aggregate.DomainEvent, write(Event, event)))).toBe(write(Event, event))
      },
      { arbitrary: { runs: 200 } }
    )

    it.prop(
      "a field that a later version added is left aside",
      [Arbitrary.schema(State), Arbitrary.schema(Event)],
      ([state, event]) => {
        const grown = (text: string) => JSON.stringify({ ...JSON.parse(text), addedLater: { deep: [1] } })
        expect(encode(read(State, grown(encode(state))))).toBe(encode(state))
        expect(write(Event, read(Event, grown(write(Event, event))))).toBe(write(Event, event))
      }
    )

    it("a state or event of a kind that nobody knows is refused", () => {
      expect(() => read(State, `{"_tag":"Enchanted"}`)).toThrow()
      expect(() => read(Event, `{"_tag":"Enchanted"}`)).toThrow()
    })
  })
}

it("every machine of the table is among them", () => {
  expect(tried.toSorted()).toEqual([...Aggregate.Kind.literals].toSorted())
})

laws("organization", commands.organization, transitions.organization)
laws("member", commands.member, transitions.member)
laws("apiKey", commands.apiKey, transitions.apiKey)
laws("advertiser", commands.directory, transitions.advertiser)
// What an organization says anew is expected anew: a copy follows what it is a copy of.
laws("awaited", commands.awaited, transitions.awaited, { isCopy: true })
laws("consolidation", commands.consolidation, transitions.consolidation)
laws("diagnosis", commands.diagnosis, transitions.diagnosis)
laws("company", commands.company, transitions.company)
laws("account", commands.account, transitions.account)
laws("connection", commands.connection, transitions.connection)
laws("authorization", commands.authorization, transitions.authorization)
laws("invitation", commands.invitation, transitions.invitation)
laws("grant", commands.grant, transitions.grant)
laws("backfill", commands.backfill, transitions.backfill)
laws("window", commands.window, transitions.window)
laws("incident", commands.incident, transitions.incident)
