/** Tells what a client needs: addresses, credentials, people. */
import { addresses } from "../core/Hosts.ts"
import type { Simulator } from "../core/Simulator.ts"
import type { Running } from "./running.ts"

/** How clients reach it by the real addresses, and how they come to trust it. */
const byRealAddress = ({ certificate, proxyUrl, tlsUrl, trustStore }: Running): string =>
  certificate === null
    ? ""
    : `
With TLS, by the real host names
  HTTPS                 ${tlsUrl}
${proxyUrl === null ? "" : `  proxy                 ${proxyUrl}   (CONNECT to the simulated hosts, to no others)\n`}\
  trust                 ${certificate}
    Node.js             NODE_EXTRA_CA_CERTS=${certificate}
    Python              SSL_CERT_FILE=${certificate} REQUESTS_CA_BUNDLE=${certificate}
    curl                curl --cacert ${certificate}
    Java 18 and later   -Djavax.net.ssl.trustStore=${trustStore} -Djavax.net.ssl.trustStoreType=PKCS12
  all at once           eval "$(npx portolan-simulator env)"
`

type Credentials = {
  readonly application: ReturnType<Simulator["application"]>
  readonly partner: ReturnType<Simulator["walmartPartner"]>
  readonly shop: ReturnType<Simulator["walmartApplication"]>
  readonly people: ReadonlyArray<{ readonly id: string; readonly name: string; readonly role: string }>
}

const credentialsOf = (simulator: Simulator): Credentials => ({
  application: simulator.application(),
  partner: simulator.walmartPartner(),
  shop: simulator.walmartApplication(),
  people: Object.values(simulator.world().people).map(({ id, name, role }) => ({ id, name, role }))
})

const asObject = ({ application, partner, people, shop }: Credentials, running: Running): unknown => {
  const { ads, login, loginPage, sellingPartner, walmart, walmartConnect, walmartConsole, walmartLogin } = addresses(
    running.url
  )
  const { clientId, clientSecret, returnUrls, spApplicationId } = application
  return {
    url: running.url,
    tlsUrl: running.tlsUrl,
    proxyUrl: running.proxyUrl,
    certificate: running.certificate,
    addresses: { loginPage, login, ads, sellingPartner, walmart, walmartConnect, walmartConsole, walmartLogin },
    clientId,
    clientSecret,
    spApplicationId,
    returnUrls,
    people,
    walmart: {
      partner,
      application: { clientId: shop.clientId, clientSecret: shop.clientSecret, redirectUris: shop.redirectUris }
    }
  }
}

const credentials = ({ application, partner, people, shop }: Credentials): string => `Amazon application
  client id             ${application.clientId}
  client secret         ${application.clientSecret}   (simulated, good for nothing else)
  application id        ${application.spApplicationId ?? "none"}
  return addresses      ${application.returnUrls.join(" ")}

Walmart Marketplace application
  client id             ${shop.clientId}
  client secret         ${shop.clientSecret}

Walmart Connect partner
  consumer id           ${partner.consumerId}
  auth token            ${partner.authToken}
  key version           ${partner.keyVersion}   (its private test key is in --json and under /_sim/world)

People
${people.map((person) => `  ${person.id.padEnd(10)} ${person.name}: ${person.role}`).join("\n")}`

/** Prints it, as text for a person or as one line of JSON. */
export const show = (simulator: Simulator, running: Running, asJson: boolean): void => {
  const { url } = running
  const known = credentialsOf(simulator)
  if (asJson) {
    console.log(JSON.stringify(asObject(known, running)))
    return
  }
  const where = addresses(url)
  const { seed, preset } = simulator.world()
  console.log(`Provider simulator at ${url} (preset ${preset}, seed ${seed})

A client maps https://HOST/path to ${url}/HOST/path:
  consent (EU)          ${where.loginPage.EU}/ap/oa
  token                 ${where.login.NA}/auth/o2/token
  Ads API (EU)          ${where.ads.EU}
  Selling Partner (EU)  ${where.sellingPartner.EU}
  Seller Central (EU)   ${where.map("https://sellercentral-europe.amazon.com/apps/authorize/consent")}
  Walmart login         ${where.walmartLogin}/authorize
  Walmart Marketplace   ${where.walmart}
  Walmart Connect       ${where.walmartConnect}
  Walmart ad console    ${where.walmartConsole}/
${byRealAddress(running)}
${credentials(known)}

Control: ${url}/_sim/world, ${url}/_sim/journal. Stop with Ctrl+C.`)
}
