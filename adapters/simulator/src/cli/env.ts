/** The environment in which clients of many languages reach a running simulator by the real addresses. */
import * as Preload from "./preload.ts"
import * as Running from "./running.ts"
import type { Values } from "./options.ts"

const isAlive = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(3_000) })).ok
  } catch {
    return false
  }
}

const proxied = (proxy: string): Readonly<Record<string, string>> => {
  const { hostname, port } = new URL(proxy)
  const direct = "localhost,127.0.0.1,::1"
  const both = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: direct }
  return {
    ...both,
    ...Object.fromEntries(Object.entries(both).map(([name, value]) => [name.toLowerCase(), value])),
    // Node.js 24 and later read the proxy variables when they are told to.
    NODE_USE_ENV_PROXY: "1",
    PORTOLAN_JAVA_PROXY: `-Dhttps.proxyHost=${hostname} -Dhttps.proxyPort=${port}`
  }
}

/** Variables by name: the proxy, and the certificate to trust, for Node.js, Python, curl, Ruby, Go and Java. */
export const variablesOf = (running: Running.Running): Readonly<Record<string, string>> => {
  const { PORTOLAN_JAVA_PROXY: javaProxy, ...proxy } = running.proxyUrl === null ? {} : proxied(running.proxyUrl)
  const { certificate, trustStore, url } = running
  const java = [
    ...(javaProxy === undefined ? [] : [javaProxy]),
    ...(trustStore === null
      ? []
      : [`-Djavax.net.ssl.trustStore=${trustStore}`, "-Djavax.net.ssl.trustStoreType=PKCS12"])
  ]
  return {
    PORTOLAN_SIMULATOR_URL: url,
    ...(running.preload === null ? {} : { NODE_OPTIONS: Preload.option(running.preload, process.env.NODE_OPTIONS) }),
    ...proxy,
    ...(certificate === null
      ? {}
      : {
          NODE_EXTRA_CA_CERTS: certificate,
          SSL_CERT_FILE: certificate,
          REQUESTS_CA_BUNDLE: certificate,
          CURL_CA_BUNDLE: certificate
        }),
    ...(java.length === 0 ? {} : { JAVA_TOOL_OPTIONS: java.join(" ") })
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Prints them for a shell to evaluate. Throws `RangeError` when no simulator runs there. */
export const env = async (values: Values): Promise<void> => {
  const running = Running.read(values.data)
  if (running === undefined || !(await isAlive(running.url))) {
    throw new RangeError(
      `no simulator runs with the data folder ${values.data}: start one with portolan-simulator --proxy, ` +
        "or name its folder with --data"
    )
  }
  const variables = variablesOf(running)
  console.log(
    values.json
      ? JSON.stringify(variables)
      : Object.entries(variables)
          .map(([name, value]) => `export ${name}=${quoted(value)}`)
          .join("\n")
  )
}
