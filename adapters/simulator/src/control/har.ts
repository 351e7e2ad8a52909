/** The journal as an HTTP archive (http://www.softwareishard.com/blog/har-12-spec/), secrets as labels. */
import type { Entry } from "../core/Exchange.ts"

const entryOf = (entry: Entry) => {
  const query = new URLSearchParams(entry.query).toString()
  const fields = Object.entries(entry.fields).map(([name, value]) => ({ name, value }))
  const refused = [
    entry.rule === null ? [] : [`rule ${entry.rule}`],
    entry.fault === null ? [] : [`fault ${entry.fault}`]
  ]
  return {
    startedDateTime: entry.at,
    time: 0,
    request: {
      method: entry.method,
      url: `https://${entry.host}${entry.path}${query === "" ? "" : `?${query}`}`,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: [],
      queryString: Object.entries(entry.query).map(([name, value]) => ({ name, value })),
      ...(fields.length === 0
        ? {}
        : { postData: { mimeType: "application/x-www-form-urlencoded", params: fields, text: "" } }),
      headersSize: -1,
      bodySize: -1
    },
    response: {
      status: entry.status,
      statusText: "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: [],
      content: { size: -1, mimeType: "x-unknown" },
      redirectURL: "",
      headersSize: -1,
      bodySize: -1
    },
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
    comment: [entry.operation, ...refused.flat(), ...entry.secrets].join(", ")
  }
}

/** The archive of these exchanges. */
export const har = (entries: ReadonlyArray<Entry>) => ({
  log: { version: "1.2", creator: { name: "portolan-simulator", version: "1" }, entries: entries.map(entryOf) }
})
