/** The form that a typed or sent text must have: `Expected …`. */
export const inputs = {
  "input.readable": "text without control characters",
  "input.address-visible": "an e-mail address without invisible characters",
  "input.no-web-address": "a name without a web address",
  "input.time-zone": "the name of a time zone, e.g. Europe/Berlin",
  "input.name-visible": "a name that can be seen",
  "input.day": "a day of the calendar",
  "input.dashed-lower-case": "lower-case words joined by dashes",
  "input.dashed": "words of letters and digits joined by dashes",
  "input.provider-id": "letters, digits, dashes and underscores",
  "input.known-marketplace": "a marketplace id of the catalogue"
}
