/** An organization that its owner closes (rule C14): days in which that can be taken back, and then never. */
import { Organization } from "@portolan/domain"
import { ada, drive, type Driven, hour, id, type Oracle, type World } from "./Oracle.ts"

/** What a person would keep on paper. */
interface Paper {
  /** When it ends for good, in hours; undefined while it is open. */
  due: number | undefined
  over: boolean
}
type Sent = Driven<"organization">

const days = 24 * Organization.closingDays

const close = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Close", at: hour(now), by: ada })
  const isOpen = !paper.over && paper.due === undefined
  world.same("C14: closing, once", isOpen ? "done" : "so already", answer)
  if (isOpen) paper.due = now + days
}

const reopen = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Reopen", at: hour(now), by: ada })
  if (paper.over || (paper.due !== undefined && now >= paper.due)) {
    return world.same("C14: too late to reopen", "refused: expired", answer)
  }
  world.same("C14: reopened in time", paper.due === undefined ? "so already" : "done", answer)
  paper.due = undefined
}

const finish = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "FinishClosing", at: hour(now), rows: 1 })
  const isDue = !paper.over && paper.due !== undefined && now >= paper.due
  world.same("C14: nothing ends early, and once", isDue ? "done" : "so already", answer)
  if (isDue) Object.assign(paper, { due: undefined, over: true })
}

const work = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Rename", name: `N${now}` })
  const isOpen = !paper.over && paper.due === undefined
  world.same("C14: nobody works in what is closed", !isOpen, answer.startsWith("refused"))
}

const actions = [close, reopen, finish, work]

/** Organizations: closed, reopened in time, or gone. */
export const closing: Oracle = {
  name: "closing",
  run: (world) => {
    const organization = drive("organization", world)
    const founded = { id: id("organization"), organizationId: id("organization"), name: "N", ownerId: id("person") }
    const first = organization.send({ _tag: "Found", organization: { ...founded, foundedAt: hour(0) } })
    world.same("P-R5: an organization is founded", "done", first)
    const paper: Paper = { due: undefined, over: false }
    let now = 1
    for (let step = 0; step < 15; step++) {
      if (world.chance(70)) now += world.pick(1, 24, 300, days)
      actions[world.below(actions.length)]?.(world, paper, now, organization)
      const state = organization.state()
      const still = paper.due === undefined ? "Open" : "Closing"
      const tag = paper.over ? "Closed" : still
      world.same("C14: how it stands", tag, state._tag)
      if (state._tag === "Closing") world.same("C14: until when", hour(paper.due ?? 0), state.closing.dueAt)
    }
  }
}
