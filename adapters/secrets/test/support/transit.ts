/** The transit engine as far as a ring uses it: one key with versions, AES-256-GCM with associated data. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"

export const makeTransit = () => {
  const state = { keys: [randomBytes(32)], first: 1, down: false, calls: [] as Array<string> }
  const json = (data: object, status = 200) =>
    Response.json(status === 200 ? { data } : { errors: ["refused"] }, { status })

  const encrypt = ({
    associated_data: about,
    key_version: version,
    plaintext
  }: {
    readonly [name: string]: string
  }) => {
    const key = state.keys[Number(version) - 1]
    if (key === undefined) return json({}, 400)
    const nonce = randomBytes(12)
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(about ?? "", "base64"))
    const text = Buffer.concat([cipher.update(Buffer.from(plaintext ?? "", "base64")), cipher.final()])
    const box = Buffer.concat([nonce, cipher.getAuthTag(), text])
    return json({ ciphertext: `vault:v${version}:${box.toString("base64")}` })
  }

  const decrypt = ({ associated_data: about, ciphertext = "" }: { readonly [name: string]: string }) => {
    const [, version = "", text = ""] = /^vault:v(\d+):(.*)$/.exec(ciphertext) ?? []
    const key = Number(version) < state.first ? undefined : state.keys[Number(version) - 1]
    if (key === undefined) return json({}, 400)
    const box = Buffer.from(text, "base64")
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, 12))
        .setAAD(Buffer.from(about ?? "", "base64"))
        .setAuthTag(box.subarray(12, 28))
      const plain = Buffer.concat([decipher.update(box.subarray(28)), decipher.final()])
      return json({ plaintext: plain.toString("base64") })
    } catch {
      return json({}, 400)
    }
  }

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const headers = new Headers(init?.headers)
    state.calls.push(url.pathname)
    if (state.down) throw new TypeError("fetch failed")
    if (headers.get("x-vault-token") !== "the token") return json({}, 403)
    const body = init?.body === undefined ? {} : JSON.parse(String(init.body))
    switch (url.pathname) {
      case "/v1/transit/keys/portolan":
        return json({ latest_version: state.keys.length, min_decryption_version: state.first })
      case "/v1/transit/encrypt/portolan":
        return encrypt(body)
      case "/v1/transit/decrypt/portolan":
        return decrypt(body)
      default:
        return json({}, 404)
    }
  }
  return { state, fetch, rotate: () => state.keys.push(randomBytes(32)) }
}
