/**
 * Headings of the listings report. They are written in the language that the seller chose for processing reports, which
 * is often another than the marketplace's (https://github.com/amzn/selling-partner-api-docs/issues/198,
 * https://github.com/jlevers/selling-partner-api/issues/525). `preferredReportDocumentLocale` asks for English ones
 * (https://developer-docs.amazon.com/sp-api/docs/report-type-values-inventory); where it is not heeded, a column is
 * known by its heading in any of the languages below, else by its place: Amazon keeps columns that it gave up as
 * "deprecated" ones, so that the order stays (https://github.com/amzn/selling-partner-api-models/issues/4140).
 */
import { Table } from "@portolan/wire"

/**
 * The English names of columns, and what stands for them in German, French, Italian, Spanish, Polish, Turkish, Arabic,
 * Japanese and Chinese, as far as reports in that language were seen.
 */
const headings: { readonly [name: string]: string } = {
  "item-name":
    "Artikelbezeichnung|nom-produit|Nome dell'articolo|Título del producto|nazwa-produktu|item-name (ürün adı)|" +
    "اسم-المنتج|商品名|商品名称",
  "item-description":
    "Artikelbeschreibung|Descrizione dell'articolo|Descripción del producto|opis-produktu|وصف-المنتج|商品描述",
  "listing-id":
    "Angebotsnummer|id-offre|Numero offerta|Identificador del listing|identyfikator-oferty|" +
    "listing-id (liste kaydı numarası)|رقم-العرض|出品ID|商品编码",
  "seller-sku":
    "Händler-SKU|sku-vendeur|SKU venditore|SKU del vendedor|sku-sprzedawcy|seller-sku (satıcı sku)|sku-البائع|" +
    "出品者SKU|卖家 SKU",
  price: "Preis|prix|Prezzo|Precio|cena|price (fiyat)|السعر|価格|价格",
  quantity: "Menge|quantité|Quantità|Cantidad|ilość|quantity (adet)|الكمية|数量",
  "open-date":
    "Erstellungsdatum|date-ouverture|Data di creazione|Fecha de creación|data-otwarcia|" +
    "open-date (yayınlanma tarihi)|تاريخ-مفتوح|出品日|开售日期",
  "item-is-marketplace":
    "Artikel ist Marketplace-Angebot|Articolo per la vendita|Producto para vender|produkt-jest-(na)rynku|" +
    "منتج-سوق-البيع|是否为商城中的商品",
  "product-id-type":
    "Produkt-ID-Typ|type-id-produit|Tipo di identificativo del prodotto|Tipo de identificador de producto|" +
    "typ-identyfikatora-produktu|product-id-type (ürün numarası türü)|نوع-رقم-المنتج|商品IDタイプ|商品编码类型",
  "item-note":
    "Anmerkung zum Artikel|note-état-article|Note sull'articolo|Nota sobre el producto|uwaga-o-produkcie|" +
    "item-note (ürün notu)|ملاحظة-المنتج|コンディション説明|商品备注",
  "item-condition":
    "Artikelzustand|état-produit|Condizione dell'articolo|Estado del producto|stan-produktu|" +
    "item-condition (ürün durumu)|حالة-المنتج|コンディション|商品状况",
  asin1: "ASIN 1",
  "will-ship-internationally":
    "Internationaler Versand|expédition-international|Spedizione internazionale|Envío internacional|" +
    "wysyłka-międzynarodowa|will-ship-internationally (uluslararası gönderilir)|للشحن-الدولي|国外へ配送可|国际配送",
  "expedited-shipping":
    "Expressversand|livraison-express|Spedizione Express|Envío urgente|przyspieszona-wysyłka|" +
    "expedited-shipping (ekspres kargo)|شحن-مستعجل|迅速な配送|加急配送",
  "product-id":
    "Produkt-ID|id-produit|Identificativo del prodotto|Identificador del producto|identyfikator-produktu|" +
    "product-id (ürün numarası)|رقم-المنتج|商品ID|商品编码 (2)",
  "add-delete": "Aggiungi o elimina|Añadir o eliminar|dodaj-usuń|إضافة-حذف|添加-删除",
  "pending-quantity":
    "Anzahl Bestellungen|Quantità in sospeso|Cantidad pendiente|ilość-oczekująca|pending-quantity (bekleyen adet)|" +
    "كمية-منتظرة|等待购买数量",
  "fulfillment-channel":
    "fulfilment-channel|Versender|canal-traitement|Canale di gestione|Canal de gestión logística|kanał-realizacji|" +
    "fulfillment-channel (dağıtım kanalı)|قناة-الشحن|フルフィルメント・チャンネル|配送渠道",
  "merchant-shipping-group":
    "Händlerversandgruppe|groupe-expédition-vendeur|gruppo-spedizione-venditore|grupa-wysyłki-sprzedawcy|" +
    "merchant-shipping-group (satıcı kargo grubu)|卖家配送组",
  status: "état|stato|durum|الحالة|ステータス|状态"
}

const canonical = new Map(
  Object.entries(headings).flatMap(([name, others]) =>
    [name, ...others.split("|")].map((heading) => [Table.folded(heading), name] as const)
  )
)

/** Where columns stand whose heading nobody knows; empty for those that Amazon gave up. */
const order =
  "item-name|item-description|listing-id|seller-sku|price|quantity|open-date||item-is-marketplace|product-id-type||" +
  "item-note|item-condition||||asin1"
const places = order.split("|")

/** Whether a heading stands in the order that Amazon keeps: the ASIN has its name in every language. */
const isInOrder = (head: ReadonlyArray<string>): boolean =>
  Table.folded(head[places.indexOf("asin1")] ?? "") === "asin1"

/** A heading, read. */
export interface Heading {
  /** The names under which cells are kept: English where the column is known, else as Amazon wrote them. */
  readonly names: ReadonlyArray<string>
  /** Where the seller's own number stands; nothing when no column is known to be it. */
  readonly sku: number | undefined
  /** Whether the headings are English, so that numbers are written the English way. */
  readonly isEnglish: boolean
}

const only = (head: ReadonlyArray<string>): number | undefined => {
  const found = head.flatMap((name, index) => (Table.folded(name).includes("sku") ? [index] : []))
  return found.length === 1 ? found[0] : undefined
}

/** The English name of each column, by its heading, else by its place; nothing for one that neither tells. */
const namesOf = (head: ReadonlyArray<string>): ReadonlyArray<string | undefined> => {
  const byHeading = head.map((name) => canonical.get(Table.folded(name)))
  if (!isInOrder(head)) return byHeading
  return byHeading.map((name, index) => {
    const place = places[index] ?? ""
    return name ?? (place === "" || byHeading.includes(place) ? undefined : place)
  })
}

/** Reads a heading. `more`: further headings of the seller's number, as an operator met them. */
export const read = (head: ReadonlyArray<string>, more: ReadonlyArray<string> = []): Heading => {
  const known = namesOf(head)
  // A column of a name that another one has already keeps its own.
  const names = head.map((own, index) => {
    const name = known[index]
    return name !== undefined && known.indexOf(name) === index ? name : own
  })
  const folded = head.map(Table.folded)
  const own = more.map((name) => folded.indexOf(Table.folded(name))).find((index) => index >= 0)
  const found = own ?? names.indexOf("seller-sku")
  return { names, sku: found >= 0 ? found : only(head), isEnglish: folded.includes(Table.folded("seller-sku")) }
}
