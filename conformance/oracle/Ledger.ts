/** A load with its windows, driven as a worker drives them: a plan asks windows, the last one of a class settles it. */
import { Backfill, type DataClass, Window } from "@portolan/domain"
import type { DateTime } from "effect"
import { drive, type Driven, type World } from "./Oracle.ts"

/** A load that an oracle drives. */
export interface Ledger {
  readonly load: Driven<"backfill">
  /** The windows, in the order in which they were planned. */
  readonly windows: () => ReadonlyArray<Window.Present>
  readonly tallies: () => ReadonlyArray<Window.ClassTally>
  /** Plans; the load's windows are known to the plan. */
  readonly plan: (command: Omit<Extract<Backfill.Command, { readonly _tag: "Plan" }>, "windows">) => void
  /** Asks something of a window. Gives the tags of the events of the load that follow. */
  readonly move: (windowId: Window.WindowId, command: Window.Command) => ReadonlyArray<string>
}

/** Drives a load. */
export const ledger = (world: World): Ledger => {
  const load = drive("backfill", world)
  const driven = new Map<string, Driven<"window">>()
  const windows = () => [...driven.values()].map(({ state }) => state()).filter((one) => one._tag !== "Absent")
  const tallies = () => Window.tallies(windows())
  const settle = (dataClass: DataClass.DataClass, at: DateTime.Utc) => {
    const open = tallies().flatMap((one) => (one.open > 0 ? [one.dataClass] : []))
    if (open.includes(dataClass)) return []
    load.send({ _tag: "Settle", open, at })
    return load.events()
  }
  return {
    load,
    windows,
    tallies,
    plan: (command) => {
      load.send({ ...command, windows: windows() })
      const state = load.state()
      if (state._tag === "Absent") return
      for (const event of load.happened()) {
        for (const { command: next, id } of Backfill.windowCommands(state, event)) {
          const window = driven.get(id) ?? drive("window", world)
          driven.set(id, window)
          window.send(next)
        }
      }
    },
    move: (windowId, command) => {
      const window = [...driven.values()].find(({ state }) => {
        const one = state()
        return one._tag !== "Absent" && one.windowId === windowId
      })
      if (window === undefined || load.state()._tag !== "Running") return []
      window.send(command)
      const state = window.state()
      const isOver = state._tag !== "Absent" && Window.isOver(state) && window.events().length > 0
      return isOver && "at" in command ? settle(state.dataClass, command.at) : []
    }
  }
}
