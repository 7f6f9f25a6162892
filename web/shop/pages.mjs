// The shop's pages as HTML. `at` is 0 for English and 1 for 中文; nothing inline, so that a strict policy can hold.
import { groups, products } from './catalog.mjs'
import { glazes, gaiwan } from './drawings.mjs'

const languages = ['en', 'zh-CN']
const brand = ['Tidewater', '潮间茶器']
const folder = ['', 'zh/']

export const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign])
const money = (minor) => `¥${(minor / 100).toLocaleString('en', { minimumFractionDigits: minor % 100 ? 2 : 0 })}`
/** A drawing as a small data: picture for the chat's context bar. */
const small = (product) => `data:image/svg+xml,${encodeURIComponent(product.draw(product.glaze))}`

const icon = {
  cart: '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 4h2.500l2 11h10.500l2-8H6.500"/><circle cx="9" cy="19" r="1.500"/><circle cx="16.500" cy="19" r="1.500"/></svg>',
}

function page(at, name, { title, context = {}, body, script = '' }) {
  const [home, other] = at === 0 ? ['/', '/zh/'] : ['/zh/', '/']
  const here = name === 'index.html' ? 'index.html' : name
  const nav = Object.entries(groups).map(([key, words]) => `<a href="${home}index.html#${key}">${words[at]}</a>`).join('')
  const data = Object.entries(context).map(([key, value]) => ` data-${key}="${escape(value)}"`).join('')
  return `<!doctype html>
<html lang="${languages[at]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${escape(title)} · ${brand[at]}</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/tokens.css">
<link rel="stylesheet" href="/shop.css">
<script src="/shop.js" defer></script>${script}
</head>
<body${data}>
<a class="skip" href="#main">${['To the wares', '跳到内容'][at]}</a>
<header>
<a class="brand" href="${home}index.html">${brand[at]}</a>
<nav aria-label="${['Shop', '商店'][at]}">${nav}<a href="${home}kiln.html">${['Our kiln', '关于我们'][at]}</a></nav>
<span class="end"><a href="${other}${here}" lang="${languages[1 - at]}" hreflang="${languages[1 - at]}" data-keep-query>${['中文', 'English'][at]}</a><a class="cart" href="${home}basket.html">${icon.cart}<span class="sr">${['Basket', '购物车'][at]}</span><span data-basket-count></span></a></span>
</header>
<main id="main">
${body}
</main>
<footer><span>${['Tidewater Teaware, Longquan and Hangzhou', '潮间茶器，龙泉与杭州'][at]}</span><span>${['A demonstration shop: nothing is sold or sent.', '演示商店：不会真的售出或寄送任何东西。'][at]}</span></footer>
</body>
</html>
`
}

function home(at) {
  const card = (product) => `<a class="tile" href="/${folder[at]}${product.sku}.html"><span class="pic">${product.draw(product.glaze)}</span><span class="what">${escape(product.name[at])}</span><span class="pr">${money(product.price)}</span></a>`
  const sections = Object.entries(groups).map(([key, words]) => `<section id="${key}" aria-labelledby="h-${key}"><h2 id="h-${key}">${words[at]}</h2><div class="grid">${products.filter((product) => product.group === key).map(card).join('')}</div></section>`).join('\n')
  return page(at, 'index.html', {
    title: ['Teaware from Longquan', '龙泉茶器'][at],
    body: `<div class="lead"><div><h1>${['Made slowly,<br>used every day.', '慢慢做，<br>天天用。'][at]}</h1><p>${['Celadon, clay and tea from two kilns and one hill. Ask us anything; somebody who has held it answers.', '两座窑、一座山，青瓷、泥与茶。想问什么都可以，回答你的人亲手用过它。'][at]}</p></div>${gaiwan(glazes.matte)}</div>\n${sections}`,
  })
}

function ware(at, product) {
  const options = (product.options ?? []).map(([en, zh], index) => `<label><input type="radio" name="glaze" value="${escape(en)}"${index === 0 ? ' checked' : ''}><span>${[en, zh][at]}</span></label>`).join('')
  const drawings = (product.options ?? [[, , product.glaze]]).map(([, , glaze], index) => `<div class="shot" data-shot="${index}"${index ? ' hidden' : ''}>${product.draw(glaze, product.name[at])}</div>`).join('')
  const specs = product.specs.map((spec) => `<div><dt>${spec.name[at]}</dt><dd>${spec.value[at]}</dd></div>`).join('')
  return page(at, `${product.sku}.html`, {
    title: product.name[at],
    context: { product: product.sku, 'product-name': product.short[at], image: small(product) },
    body: `<div class="prod"><div>${drawings}</div>
<div><p class="crumbs">${groups[product.group][at]} / ${product.kind[at]}</p><h1>${escape(product.name[at])}</h1><p class="pr">${money(product.price)}</p><p class="text">${escape(product.text[at])}</p>
<form data-add data-sku="${product.sku}" data-name="${escape(product.name[at])}" data-price="${product.price}">${options ? `<fieldset class="opt"><legend>${['Glaze', '釉面'][at]}</legend>${options}</fieldset>` : ''}<button class="buy">${['Add to basket', '加入购物车'][at]}</button> <span role="status" data-added hidden><a href="/${folder[at]}basket.html">${['In the basket. See it', '已加入购物车，去看看'][at]}</a></span></form>
<dl class="spec">${specs}</dl></div></div>`,
  })
}

function basket(at) {
  return page(at, 'basket.html', {
    title: ['Basket', '购物车'][at],
    body: `<div class="narrow"><h1>${['Basket', '购物车'][at]}</h1>
<p data-empty hidden>${['Nothing in it yet.', '还是空的。'][at]} <a href="/${folder[at]}index.html">${['Look around', '去逛逛'][at]}</a></p>
<div data-basket hidden><table><thead class="sr"><tr><th>${['Ware', '商品'][at]}</th><th>${['Number', '数量'][at]}</th><th>${['Price', '价格'][at]}</th><th>${['Remove', '移除'][at]}</th></tr></thead><tbody data-lines data-remove="${['Remove', '移除'][at]}"></tbody><tfoot><tr><th colspan="2">${['Total', '合计'][at]}</th><td data-total></td><td></td></tr></tfoot></table>
<form data-checkout data-to="/${folder[at]}order.html"><h2>${['Where it goes', '寄给谁'][at]}</h2>
<p><label for="name">${['Name', '姓名'][at]}</label><input id="name" name="name" required maxlength="100" autocomplete="name"></p>
<p><label for="email">${['E-mail', '邮箱'][at]}</label><input id="email" name="email" type="email" required maxlength="200" autocomplete="email"></p>
<button class="buy">${['Order and pay', '下单付款'][at]}</button><p class="fault" role="alert" data-fault="${['The order did not go through. Please try again, or ask us in the chat.', '没有下单成功，请重试，或在聊天里问我们。'][at]}"></p></form></div></div>`,
  })
}

function order(at) {
  const steps = [['placed', 'Placed', '已下单'], ['paid', 'Paid', '已付款'], ['shipped', 'On its way', '运输中'], ['delivered', 'Delivered', '已送达']]
  return page(at, 'order.html', {
    title: ['Your order', '你的订单'][at],
    body: `<div class="narrow"><p data-missing hidden>${['This order is not known in this browser.', '这个浏览器里没有这笔订单。'][at]} <a href="/${folder[at]}index.html">${['Back to the shop', '回到商店'][at]}</a></p>
<div data-order hidden><p class="crumbs">${['Thank you. Your order', '谢谢，你的订单'][at]}</p><h1 data-number></h1>
<ol class="track">${steps.map(([key, en, zh]) => `<li data-step="${key}">${[en, zh][at]}</li>`).join('')}</ol>
<p data-ended hidden data-returned="${['Returned', '已退货'][at]}" data-refunded="${['Refunded', '已退款'][at]}" data-cancelled="${['Cancelled', '已取消'][at]}"></p>
<table><thead class="sr"><tr><th>${['Ware', '商品'][at]}</th><th>${['Number', '数量'][at]}</th><th>${['Price', '价格'][at]}</th></tr></thead><tbody data-lines></tbody><tfoot><tr><th colspan="2">${['Total', '合计'][at]}</th><td data-total></td></tr></tfoot></table>
<p><button class="buy" data-ask>${['Ask about this order', '询问这笔订单'][at]}</button></p></div></div>`,
  })
}

function kiln(at) {
  return page(at, 'kiln.html', {
    title: ['Our kiln', '关于我们'][at],
    body: `<div class="narrow prose"><h1>${['Our kiln', '关于我们'][at]}</h1><p>${['Four people, one wood kiln and one electric one. The wood kiln is lit eleven times a year; what it does to a glaze nobody can order.', '四个人，一座柴窑，一座电窑。柴窑一年点十一次，它给釉面的，谁也订不到。'][at]}</p><p>${['We answer the chat ourselves between throwing and glazing: from 9:00 to 22:00 in Hangzhou.', '聊天由我们自己回复，在拉坯和上釉之间：杭州时间 9:00 到 22:00。'][at]}</p></div>`,
  })
}

/** Every page: [path, HTML]. */
export function pages() {
  return [0, 1].flatMap((at) => [
    ['index.html', home(at)],
    ['basket.html', basket(at)],
    ['order.html', order(at)],
    ['kiln.html', kiln(at)],
    ...products.map((product) => [`${product.sku}.html`, ware(at, product)]),
  ].map(([name, html]) => [folder[at] + name, html]))
}
