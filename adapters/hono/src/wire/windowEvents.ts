/** What the API says of the events of windows. */
import { given, type Window } from "@portolan/domain"
import type { Schema } from "effect"

type Facts = { readonly [fact: string]: Schema.Json }

/** The details of each kind of event of a window. */
export const windows: {
  readonly [T in Window.Event["_tag"]]: (event: Extract<Window.Event, { readonly _tag: T }>) => Facts
} = {
  WindowPlanned: ({ windowId }) => ({ windowId }),
  WindowRequested: ({ windowId }) => ({ windowId }),
  WindowRestarted: ({ reason, windowId }) => ({ windowId, reason }),
  WindowResumed: ({ reason, windowId }) => ({ windowId, reason }),
  WindowRefused: ({ refusals: { count, detail }, windowId }) => ({ windowId, count, detail }),
  WindowLookedEmpty: ({ emptyLooks: { count, how }, windowId }) => ({ windowId, count, detail: how }),
  WindowLoaded: ({ dataClass, isConfirmedEmpty, quarantined, rows, windowId }) => ({
    windowId,
    dataClass,
    rows,
    ...given({ isConfirmedEmpty, quarantined })
  }),
  WindowSkipped: ({ dataClass, reason, windowId }) => ({ windowId, dataClass, reason }),
  WindowBlocked: ({ reason, windowId }) => ({ windowId, reason })
}
