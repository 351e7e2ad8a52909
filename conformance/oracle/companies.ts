/** A company that is there twice (rules K-R2, K-R4, C14): off the lists while no account needs it, and back. */
import type { Company } from "@portolan/domain"
import { ada, drive, type Driven, hour, id, type Oracle, type World } from "./Oracle.ts"

/** What a person would keep on paper. */
interface Paper {
  isListed: boolean
  name: string
}
type Sent = Driven<"company">

const add: Company.Command = {
  _tag: "Add",
  company: {
    id: id("company"),
    organizationId: id("organization"),
    name: "N0",
    brands: [{ id: id("brand"), name: "B" }],
    createdAt: hour(0)
  }
}

const remove = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const accounts = world.below(3)
  const answer = send({ _tag: "Remove", accounts, at: hour(now), by: ada })
  if (!paper.isListed) return world.same("C14: removed once", "so already", answer)
  world.same("C14: a company with accounts stays", accounts > 0 ? "refused: not-possible-now" : "done", answer)
  if (accounts === 0) paper.isListed = false
}

const restore = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Restore", at: hour(now), by: ada })
  world.same("C14: and back", paper.isListed ? "so already" : "done", answer)
  paper.isListed = true
}

const rename = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Rename", name: `N${now}` })
  world.same("C14: what is off the lists does not change", !paper.isListed, answer.startsWith("refused"))
  if (paper.isListed) paper.name = `N${now}`
}

const actions = [remove, restore, rename]

/** Companies: taken off the lists, and put back as they were. */
export const duplicates: Oracle = {
  name: "duplicates",
  run: (world) => {
    const company = drive("company", world)
    world.same("K-R1: a company is added", "done", company.send(add))
    const paper: Paper = { isListed: true, name: "N0" }
    for (let now = 1; now < 15; now++) {
      actions[world.below(actions.length)]?.(world, paper, now, company)
      const state = company.state()
      if (state._tag === "Absent") return world.same("it is there", true, false)
      world.same("C14: whether it is listed", paper.isListed, state._tag === "Open")
      world.same("C14: it keeps its name", paper.name, state.name)
      world.same("K-R4: it keeps its brands", 1, state.brands.length)
    }
  }
}
