// The shop's own script: basket, checkout and order page, and what an embedding site tells the chat: where the
// visitor is, which ware or order they look at, and, signed by the shop's back end, who they are.
(() => {
  const page = document.body.dataset
  const zh = document.documentElement.lang.startsWith('zh')
  const query = new URLSearchParams(location.search)
  const find = (selector) => document.querySelector(selector)
  const money = (minor) => new Intl.NumberFormat(zh ? 'zh-CN' : 'en', { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol', trailingZeroDisplay: 'stripIfInteger' }).format(minor / 100)

  // ---- the chat: the snippet of the documentation, pointed at the demo's own console
  window.Parley = window.Parley || function () { (window.Parley.q = window.Parley.q || []).push(arguments) }
  const loader = document.createElement('script')
  loader.async = true
  loader.src = `${location.origin.replace('//shop.', '//')}/w.js`
  loader.dataset.inbox = 'web'
  document.head.append(loader)
  const context = {}
  if (page.product) Object.assign(context, { product: page.product, product_name: page.productName, image: page.image })
  window.Parley('update', context)

  // ---- what this browser keeps
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(`tidewater:${name}`) ?? 'null')
    } catch {
      return null
    }
  }
  const write = (name, value) => localStorage.setItem(`tidewater:${name}`, JSON.stringify(value))
  let basket = Array.isArray(read('basket')) ? read('basket') : []
  const orders = Array.isArray(read('orders')) ? read('orders') : [] // {number, key}, newest last

  const showCount = () => {
    const count = basket.reduce((sum, line) => sum + line.quantity, 0)
    find('[data-basket-count]').textContent = count || ''
  }
  showCount()
  const other = find('[data-keep-query]')
  other.href += location.search

  // ---- a ware
  const add = find('[data-add]')
  if (add) {
    const options = [...add.querySelectorAll('input[name=glaze]')]
    add.addEventListener('change', () => {
      const chosen = options.findIndex((option) => option.checked)
      for (const shot of document.querySelectorAll('[data-shot]')) shot.hidden = Number(shot.dataset.shot) !== chosen
    })
    add.addEventListener('submit', (event) => {
      event.preventDefault()
      const glaze = options.find((option) => option.checked)?.value
      const sku = glaze ? `${add.dataset.sku}/${glaze.toLowerCase().replace(' ', '-')}` : add.dataset.sku
      const line = basket.find((one) => one.sku === sku)
      if (line) line.quantity += 1
      else basket.push({ sku, name: add.dataset.name, quantity: 1, unit_minor: Number(add.dataset.price) })
      write('basket', basket)
      showCount()
      find('[data-added]').hidden = false
    })
  }

  const row = (cells) => {
    const tr = document.createElement('tr')
    for (const cell of cells) {
      const td = document.createElement('td')
      td.append(cell)
      tr.append(td)
    }
    return tr
  }
  const total = (lines) => lines.reduce((sum, line) => sum + line.quantity * line.unit_minor, 0)

  // ---- the basket
  const lines = find('[data-basket] [data-lines]')
  function showBasket() {
    find('[data-empty]').hidden = basket.length > 0
    find('[data-basket]').hidden = basket.length === 0
    lines.replaceChildren(...basket.map((line) => {
      const remove = document.createElement('button')
      remove.type = 'button'
      remove.textContent = lines.dataset.remove
      remove.onclick = () => {
        basket = basket.filter((one) => one !== line)
        write('basket', basket)
        showCount()
        showBasket()
      }
      return row([line.name, `× ${line.quantity}`, money(line.quantity * line.unit_minor), remove])
    }))
    find('[data-total]').textContent = money(total(basket))
  }
  if (lines) showBasket()

  const checkout = find('[data-checkout]')
  checkout?.addEventListener('submit', async (event) => {
    event.preventDefault()
    const button = checkout.querySelector('button')
    const fault = checkout.querySelector('[data-fault]')
    const { name, email } = Object.fromEntries(new FormData(checkout))
    button.disabled = true
    fault.textContent = ''
    try {
      const answer = await fetch('/shop/orders', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name, email, locale: zh ? 'zh-CN' : 'en', lines: basket }),
      })
      if (!answer.ok) throw new Error(`the shop answered ${answer.status}`)
      const { order, key } = await answer.json()
      write('orders', [...orders, { number: order.number, key }].slice(-20))
      write('basket', [])
      location.assign(`${checkout.dataset.to}?number=${encodeURIComponent(order.number)}`)
    } catch (error) {
      console.warn(error)
      fault.textContent = fault.dataset.fault
      button.disabled = false
    }
  })

  // ---- who this is: any order of this browser lets the back end say so, signed
  async function loadOrder({ number, key }) {
    const answer = await fetch(`/shop/orders/${encodeURIComponent(number)}`, { headers: { 'X-Shop-Key': key } })
    return answer.ok ? answer.json() : null
  }

  function showOrder(order) {
    find('[data-order]').hidden = false
    find('[data-number]').textContent = `#${order.number}`
    const steps = [...document.querySelectorAll('[data-step]')]
    const at = steps.findIndex((step) => step.dataset.step === order.status)
    steps.forEach((step, index) => step.classList.toggle('on', index <= at))
    if (at >= 0) steps[at].setAttribute('aria-current', 'step')
    const ended = find('[data-ended]')
    ended.textContent = ended.dataset[order.status] ?? ''
    ended.hidden = !ended.textContent
    find('[data-order] [data-lines]').replaceChildren(...order.lines.map((line) => row([line.name, `× ${line.quantity}`, money(line.quantity * line.unit_minor)])))
    find('[data-order] [data-total]').textContent = money(order.total_minor)
    find('[data-ask]').onclick = () => window.Parley('open')
    window.Parley('update', { order: order.number })
  }

  const wanted = find('[data-order]') ? query.get('number') : null
  const known = wanted ? orders.find((one) => one.number === wanted) : orders.at(-1)
  if (find('[data-missing]')) find('[data-missing]').hidden = Boolean(known)
  if (known) {
    loadOrder(known).then((found) => {
      if (found?.identity) window.Parley('identify', found.identity)
      if (found && wanted) showOrder(found.order)
      else if (wanted) find('[data-missing]').hidden = false
    }).catch((error) => console.warn(error))
  }
})()
