/** The words of how fresh data are, on the page of a connection. */
import { html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** The words of this room. */
export const freshness = {
  title: "How fresh the data are",
  lead: ({ days }: { readonly days: number }) =>
    `New days follow by themselves, once a day. The strips show the last ${days} days, the newest at the right.`,
  data: "Data",
  days: "Days",
  dataUpTo: "Up to",
  expectedBy: "Next day by",
  nothingYet: "nothing yet",
  lateSince: ({ at }: { readonly at: Markup }) => html`late since ${at}`,
  stripOf: ({
    dataClass,
    days,
    summary
  }: {
    readonly dataClass: string
    readonly days: number
    readonly summary: string
  }) => `${dataClass}, last ${days} days: ${summary}`,
  daysOf: ({ dataClass }: { readonly dataClass: string }) => `${dataClass}: days as a table`,
  daysIn: ({ quantity, state }: { readonly quantity: number; readonly state: string }) =>
    `${count(quantity, "day")} ${state}`,
  range: ({ from, last }: { readonly from: string; readonly last: string }) =>
    from === last ? from : `${from} to ${last}`,
  states: { fresh: "Fresh", late: "Late", stalled: "Stalled", paused: "On hold", "not-permitted": "Not permitted" },
  dayStates: {
    loaded: "loaded",
    restated: "asked for again since",
    empty: "empty (confirmed)",
    quarantined: "with rows that cannot be read",
    "not-kept": "no longer kept by the provider",
    missing: "missing"
  }
}
