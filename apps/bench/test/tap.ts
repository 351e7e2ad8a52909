/**
 * A way to PostgreSQL that counts on the wire what is sent: simple queries, and executions of prepared ones.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import { connect, createServer, type AddressInfo } from "node:net"

/** Counts statements; `BEGIN`, `COMMIT` and settings are statements, too. */
export interface Tap {
  readonly url: string
  readonly statements: () => number
  readonly stop: () => Promise<void>
}

const query = "Q".charCodeAt(0)
const execute = "E".charCodeAt(0)

/** Counts messages in a stream that may be cut anywhere. The first message of a connection has no type. */
const counter = (hear: () => void) => {
  let left: Buffer = Buffer.alloc(0)
  let isStarted = false
  return (chunk: Buffer) => {
    left = left.length === 0 ? chunk : Buffer.concat([left, chunk])
    for (;;) {
      const head = isStarted ? 5 : 4
      if (left.length < head) return
      const length = left.readUInt32BE(head - 4) + (isStarted ? 1 : 0)
      if (left.length < length) return
      if (isStarted && (left[0] === query || left[0] === execute)) hear()
      isStarted = true
      left = left.subarray(length)
    }
  }
}

/** Opens a tap in front of a server. */
export const open = async (server: string): Promise<Tap> => {
  const target = new URL(server)
  let count = 0
  const sockets = new Set<{ destroy: () => void }>()
  const tap = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const read = counter(() => {
      count += 1
    })
    client.on("data", read)
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on("error", () => undefined)
      socket.on("close", () => sockets.delete(socket))
    }
  })
  await new Promise<void>((resolve) => void tap.listen(0, "127.0.0.1", resolve))
  const url = new URL(server)
  url.hostname = "127.0.0.1"
  url.port = String((tap.address() as AddressInfo).port)
  return {
    url: url.href,
    statements: () => count,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => void tap.close(() => resolve()))
    }
  }
}
