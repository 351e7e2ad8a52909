/** Every call of the control API. */
import type { Simulator } from "../core/SimulatorApi.ts"
import type { World } from "../core/World.ts"
import { NotUnderstood } from "./accept.ts"
import * as ActionSchema from "./actionSchema.ts"
import * as Bodies from "./bodies.ts"
import { catalogue } from "./catalogue.ts"
import { describeWorld } from "./describeWorld.ts"
import { har } from "./har.ts"
import * as Names from "./names.ts"
import { hint } from "./nearest.ts"
import { type Operation, read, write } from "./Operation.ts"
import type { Action } from "../core/World.ts"
import { operations as worlds } from "./worlds.ts"

/** Does an action whose names are all in the world; says how many things it touched. */
const act = (simulator: Simulator, action: Action, afterMilliseconds?: number) => {
  Names.checkAction(simulator, action)
  return { touched: simulator.act(action, afterMilliseconds) }
}

const wholeNumber = (name: string, text: string): number => {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) throw new NotUnderstood(`${name} has to be a whole number from 0`)
  return number
}

const reads: ReadonlyArray<Operation> = [
  read("GET", "/world", { id: "getWorld", summary: "What the world holds, credentials included" }, (simulator) =>
    describeWorld(simulator)
  ),
  read(
    "GET",
    "/journal",
    {
      id: "getJournal",
      summary: "Every request so far, oldest first, secrets as labels",
      query: [
        { name: "after", about: "Only entries with a higher sequence number", type: "integer" },
        { name: "format", about: "`json`, or `har` for an HTTP archive", type: "string" }
      ]
    },
    (simulator, { query: { after = "0", format = "json" } }) => {
      const least = wholeNumber("after", after)
      if (format !== "json" && format !== "har") {
        throw new NotUnderstood(`format is not ${format.slice(0, 20)}: ${hint(format, ["json", "har"])}`)
      }
      const entries = simulator.journal().filter((entry) => entry.sequence > least)
      return format === "har" ? har(entries) : entries
    }
  ),
  read(
    "GET",
    "/queue",
    { id: "getQueue", summary: "Messages that Amazon sent to the developer's queue" },
    (simulator) => simulator.world().queue ?? []
  ),
  read(
    "GET",
    "/catalogue",
    {
      id: "getCatalogue",
      summary: "Rules with where they are known from, presets, faults, policies and operations",
      query: [{ name: "assumed", about: "`true`: only the rules that nobody confirms", type: "string" }]
    },
    (simulator, { query: { assumed = "false" } }) => {
      if (assumed !== "true" && assumed !== "false") throw new NotUnderstood("assumed has to be true or false")
      return catalogue(simulator.descriptions, assumed === "true")
    }
  ),
  read("GET", "/snapshot", { id: "getSnapshot", summary: "An exact copy of the world" }, (simulator) =>
    simulator.snapshot()
  )
]

const people: ReadonlyArray<Operation> = [
  write(
    "/consent",
    { id: "consent", summary: "Walks a consent page as a person; answers how it ended", body: Bodies.consent },
    (simulator, { body }) => {
      Names.check(simulator, "person", body.as)
      if (!URL.canParse(body.url)) throw new NotUnderstood("url has to be an absolute address")
      return simulator.walk(body)
    }
  ),
  write(
    "/act",
    { id: "act", summary: "Does something to the world, at once or later", body: ActionSchema.actionLater },
    (simulator, { body: { afterMilliseconds, ...action } }) => act(simulator, action as Action, afterMilliseconds)
  ),
  write(
    "/revoke",
    {
      id: "revoke",
      summary: "Revokes the consents that all the given parts name; all of them for an empty object",
      body: ActionSchema.revocation
    },
    (simulator, { body }) => act(simulator, { kind: "revoke", ...body })
  ),
  write(
    "/permission",
    {
      id: "setPermission",
      summary: "Sets what a person may do with a profile, or with the profiles of an account",
      body: Bodies.permission
    },
    (simulator, { body }) => act(simulator, { kind: "permission", ...body })
  ),
  write(
    "/campaign",
    { id: "addCampaign", summary: "Starts advertising with a profile", body: Bodies.campaign },
    (simulator, { body }) => act(simulator, { kind: "activate-advertising", ...body })
  )
]

const applications: ReadonlyArray<Operation> = [
  write(
    "/login-uri",
    { id: "setLoginUri", summary: "Sets the log-in address of the applications at a provider", body: Bodies.loginUri },
    (simulator, { body }) => act(simulator, { kind: "login-uri", ...body })
  ),
  write(
    "/return-url",
    { id: "allowReturnUrl", summary: "Allows a return address for every application", body: Bodies.returnUrl },
    (simulator, { body }) => act(simulator, { kind: "return-url", ...body })
  )
]

const walmart: ReadonlyArray<Operation> = [
  write(
    "/walmart-access",
    {
      id: "setWalmartAccess",
      summary: "Adds, changes or removes a partner at a Walmart advertiser; ours unless named",
      body: Bodies.partnerAccess
    },
    (simulator, { body }) => act(simulator, { kind: "walmart-access", ...body })
  ),
  write(
    "/walmart-advertiser",
    { id: "addWalmartAdvertiser", summary: "Puts a new advertiser into the world", body: ActionSchema.advertiserOrder },
    (simulator, { body }) => {
      Names.check(simulator, "seller", body.seller)
      for (const person of Object.keys(body.people ?? {})) Names.check(simulator, "person", person)
      return { advertiser: simulator.addWalmartAdvertiser(body) }
    }
  ),
  write(
    "/walmart-spend-limit",
    {
      id: "setWalmartSpendLimit",
      summary: "Says whether an advertiser reached its spend limit",
      body: Bodies.spendLimit
    },
    (simulator, { body }) => act(simulator, { kind: "walmart-spend-limit", ...body })
  )
]

const faults: ReadonlyArray<Operation> = [
  write(
    "/fault",
    { id: "armFault", summary: "Makes the next matching requests fail as ordered", body: Bodies.fault },
    (simulator, { body }) => {
      Names.check(simulator, "host", body.where?.host)
      return simulator.arm(body)
    }
  ),
  read(
    "GET",
    "/fault",
    { id: "getFaults", summary: "Armed faults: how often each was met, and how often it struck" },
    (simulator) => simulator.world().faults
  ),
  read(
    "DELETE",
    "/fault",
    {
      id: "disarmFault",
      summary: "Takes back one fault, or all of them",
      query: [{ name: "id", about: "The fault; all unless given", type: "string" }]
    },
    (simulator, { query: { id } }) => {
      const ids = simulator.world().faults.map((fault) => fault.id)
      if (id !== undefined && !ids.includes(id)) {
        throw new NotUnderstood(`there is no fault ${id.slice(0, 60)}: ${hint(id, ids) || "none is armed"}`)
      }
      simulator.disarm(id)
      return {}
    }
  ),
  write(
    "/fail-reports",
    { id: "failReports", summary: "Makes the next reports fail", body: Bodies.failReports },
    (simulator, { body }) => {
      simulator.failReports(body.count)
      return {}
    }
  )
]

const whole: ReadonlyArray<Operation> = [
  write(
    "/advance",
    { id: "advance", summary: "Moves provider time forward and runs everything due on the way", body: Bodies.advance },
    (simulator, { body }) => ({ now: new Date(simulator.advance(body.milliseconds)).toISOString() })
  ),
  write(
    "/reset",
    { id: "reset", summary: "Begins again with the preset and seed of the start", body: Bodies.nothing },
    (simulator) => {
      simulator.reset()
      return {}
    }
  ),
  write(
    "/restore",
    { id: "restore", summary: "Puts a world back that `snapshot` gave", body: Bodies.kept },
    (simulator, { body }) => {
      simulator.restore(body as unknown as World)
      return {}
    }
  )
]

/** The calls. */
export const all: ReadonlyArray<Operation> = [
  ...reads,
  ...people,
  ...applications,
  ...walmart,
  ...faults,
  ...whole,
  ...worlds
]
