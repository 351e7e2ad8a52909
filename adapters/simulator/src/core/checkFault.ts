/** Whether an order of a fault is one: over HTTP it is whatever was sent. */
import { hint } from "../control/nearest.ts"
import type { Order } from "./FaultOrder.ts"

const parts = ["id", "where", "effect", "when", "times", "until"]
const places = ["host", "path", "method"]

/** What each kind of effect is made of, beside `kind`. */
const effects: Readonly<Record<string, ReadonlyArray<string>>> = {
  status: ["status", "body", "json", "text", "headers", "retryAfter"],
  junk: ["body"],
  delay: ["milliseconds"],
  field: ["path", "change"],
  redirect: ["to", "status"],
  hang: [],
  drip: ["bytesPerSecond"],
  reset: [],
  cut: []
}

const refuseUnknown = (what: string, given: object, known: ReadonlyArray<string>): void => {
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new RangeError(`${what} has no ${unknown.slice(0, 100)}: ${hint(unknown, known)}`)
}

const isHeaderText = (text: unknown, longest: number): boolean =>
  typeof text === "string" && text.length <= longest && /^[\x20-\x7e]*$/.test(text)

const checkHeaders = (headers: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w-]{1,60}$/.test(name) || !isHeaderText(value, 500)) {
      throw new RangeError(`${name.slice(0, 60)} is no header with a text of up to 500 plain characters`)
    }
  }
}

/** An answer of one's own may have any status that an answer has; one that the simulator makes up is a refusal. */
const checkStatus = (effect: Extract<Order["effect"], { readonly kind: "status" }>): void => {
  const isOwn =
    effect.json !== undefined || effect.text !== undefined || effect.headers !== undefined || effect.body === "empty"
  const lowest = isOwn ? 200 : 400
  if (!(Number.isInteger(effect.status) && effect.status >= lowest && effect.status <= 599)) {
    throw new RangeError(`a fault's status lies between ${lowest} and 599${isOwn ? "" : ", or has a json or text"}`)
  }
  if (effect.json !== undefined && effect.text !== undefined) throw new RangeError("a fault has json or text, not both")
  if (effect.text !== undefined && typeof effect.text !== "string") throw new RangeError("a fault's text is a text")
  if (!isHeaderText(effect.retryAfter ?? "", 60)) {
    throw new RangeError("retryAfter is a header's text, up to 60 characters")
  }
  checkHeaders(effect.headers ?? {})
}

/** Refuses an order that names what there is not, or that could never happen. */
export const check = (order: Order): void => {
  refuseUnknown("a fault", order, parts)
  const { effect }: Partial<Order> = order
  const kinds = Object.keys(effects)
  if (effect === undefined || !Object.hasOwn(effects, effect.kind)) {
    throw new RangeError(`a fault needs an \`effect\` of the kind ${kinds.join(", ")}, not ${String(effect?.kind)}`)
  }
  refuseUnknown(`an effect of the kind ${effect.kind}`, effect, ["kind", ...(effects[effect.kind] ?? [])])
  refuseUnknown("`where`", order.where ?? {}, places)
  if (!/^[\w.-]{1,60}$/.test(order.id ?? "fault")) {
    throw new RangeError("a fault's id is up to 60 letters, digits, dots and dashes")
  }
  if (effect.kind === "status") checkStatus(effect)
  if (effect.kind === "redirect" && !URL.canParse(effect.to)) {
    throw new RangeError("a redirect goes to an absolute address")
  }
  if (effect.kind === "field" && !/^[\w*-]+(?:\.[\w*-]+)*$/.test(effect.path)) {
    throw new RangeError("the path of a field is keys and positions with dots, such as 0.accountInfo.name")
  }
  if (effect.kind === "drip" && !(effect.bytesPerSecond >= 1 && effect.bytesPerSecond <= 1_000_000)) {
    throw new RangeError("a drip has 1 to 1,000,000 bytes a second")
  }
  if (effect.kind === "delay" && !(effect.milliseconds >= 0 && effect.milliseconds <= 120_000)) {
    throw new RangeError("a delay lies between 0 and 120,000 ms")
  }
  if (order.times?.kind === "probability" && !(order.times.of > 0 && order.times.of <= 1)) {
    throw new RangeError("a probability lies above 0 and up to 1")
  }
}
