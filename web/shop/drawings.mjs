// Tidewater's wares, drawn by hand as SVG. Each takes its glaze: three stops of one colour from edge to light.

export const glazes = {
  matte: ['#8fa08b', '#c3cfbb', '#7f917d', '#75866f'],
  glossy: ['#7fa39a', '#cfe2d6', '#6d9288', '#62857c'],
  ink: ['#3d4450', '#6b7483', '#323843', '#2a303a'],
  clay: ['#8a5442', '#b9806a', '#77442f', '#6a3b29'],
  white: ['#cfcdc4', '#f4f2ea', '#c2c0b6', '#b3b1a6'],
  leaf: ['#5d7a4a', '#8fae74', '#4f6b3e', '#445d35'],
}

let number = 0

/** A horizontal gradient of the glaze; every drawing on a page has its own. */
function ground([edge, light, far]) {
  const id = `g${(number += 1)}`
  return {
    defs: `<linearGradient id="${id}" x1="0" x2="1"><stop offset="0" stop-color="${edge}"/><stop offset=".45" stop-color="${light}"/><stop offset="1" stop-color="${far}"/></linearGradient>`,
    fill: `url(#${id})`,
  }
}

function frame(defs, body, label) {
  const role = label ? `role="img" aria-label="${label}"` : 'aria-hidden="true"'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 330" ${role}><defs>${defs}</defs>${body}</svg>`
}

const shadow = (cx, cy, rx, ry) => `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="#000000" fill-opacity=".08"/>`
const shine = (d) => `<path d="${d}" stroke="#ffffff" stroke-opacity=".4" stroke-width="7" fill="none" stroke-linecap="round"/>`

export function gaiwan(glaze, label = '') {
  const { defs, fill } = ground(glaze)
  return frame(defs, `${shadow(200, 296, 150, 18)}<path d="M60 268c40 30 240 30 280 0-10 28-60 40-140 40s-130-12-140-40z" fill="${fill}"/><path d="M92 132h216c0 84-44 132-108 132S92 216 92 132z" fill="${fill}"/><path d="M92 132h216l-2 14H94z" fill="#ffffff" fill-opacity=".25"/><path d="M168 262h64l6 18h-76z" fill="${glaze[3]}"/><path d="M106 122c6-44 48-66 94-66s88 22 94 66z" fill="${fill}"/><path d="M100 120h200v8H100z" fill="${glaze[3]}"/><path d="M178 56c0-14 8-24 22-24s22 10 22 24z" fill="${fill}"/>${shine('M122 158c4 44 22 74 44 90')}`, label)
}

export function cups(glaze, label = '') {
  const { defs, fill } = ground(glaze)
  const cup = (x, y, scale) => `<g transform="translate(${x} ${y}) scale(${scale})">${shadow(100, 172, 92, 13)}<path d="M0 6h200c0 90-30 150-100 150S0 96 0 6z" fill="${fill}"/><ellipse cx="100" cy="6" rx="100" ry="22" fill="#6f5a3e"/><ellipse cx="100" cy="6" rx="100" ry="22" fill="none" stroke="${glaze[1]}" stroke-width="7"/>${shine('M28 46c6 36 20 62 40 80')}</g>`
  return frame(defs, cup(186, 82, 0.82) + cup(40, 128, 0.92), label)
}

export function teapot(glaze, label = '') {
  const { defs, fill } = ground(glaze)
  return frame(defs, `${shadow(200, 288, 132, 16)}<path d="M294 150c52-20 74 10 62 46-10 30-40 44-74 40" fill="none" stroke="${glaze[3]}" stroke-width="17" stroke-linecap="round"/><path d="M112 176C78 168 62 138 40 118l-12 12c16 34 34 88 92 96z" fill="${fill}"/><path d="M96 196c0-58 46-92 106-92s106 34 106 92-46 88-106 88-106-30-106-88z" fill="${fill}"/><path d="M142 112c8-26 34-36 60-36s52 10 60 36z" fill="${fill}"/><path d="M134 110h136v8H134z" fill="${glaze[3]}"/><circle cx="202" cy="64" r="14" fill="${fill}"/>${shine('M122 196c0-30 14-50 36-60')}`, label)
}

export function caddy(glaze, label = '') {
  const { defs, fill } = ground(glaze)
  return frame(defs, `${shadow(200, 296, 96, 14)}<path d="M112 110h176v164c0 12-40 20-88 20s-88-8-88-20z" fill="${fill}"/><path d="M112 110h176v26H112z" fill="#000000" fill-opacity=".1"/><path d="M106 66c0-14 42-24 94-24s94 10 94 24v46c0 12-42 20-94 20s-94-8-94-20z" fill="${fill}"/><ellipse cx="200" cy="62" rx="94" ry="20" fill="${glaze[1]}" fill-opacity=".55"/><path d="M160 176h80v78h-80z" fill="#fbfaf5"/><path d="M176 236c0-28 10-42 24-50 14 8 24 22 24 50-8 4-16 6-24 6s-16-2-24-6z" fill="none" stroke="${glaze[3]}" stroke-width="4"/><path d="M200 188v54" stroke="${glaze[3]}" stroke-width="3"/>${shine('M130 152v92')}`, label)
}

export function pitcher(glaze, label = '') {
  const { defs, fill } = ground(glaze)
  return frame(defs, `${shadow(196, 292, 104, 14)}<path d="M282 132c50-6 62 34 44 66-12 22-34 30-56 28" fill="none" stroke="${glaze[3]}" stroke-width="15" stroke-linecap="round"/><path d="M86 84c24 10 30 22 30 40 0 42-14 60-14 96 0 46 38 68 92 68s94-22 94-68c0-52-18-72-12-128z" fill="${fill}"/><path d="M86 84c60 16 130 18 190 8l-2 14c-52 10-120 8-166-6z" fill="#ffffff" fill-opacity=".25"/>${shine('M124 172c-6 34 0 60 22 80')}`, label)
}

export function giftbox(glaze, label = '') {
  const { defs, fill } = ground(glaze)
  return frame(defs, `${shadow(200, 292, 150, 16)}<path d="M62 118h276v162H62z" fill="${fill}"/><path d="M50 84h300v42H50z" fill="${glaze[3]}"/><path d="M184 84h32v196h-32z" fill="#e9e3cf"/><path d="M200 84c-20-52-78-52-70-22 4 16 38 22 70 22zm0 0c20-52 78-52 70-22-4 16-38 22-70 22z" fill="none" stroke="#e9e3cf" stroke-width="12" stroke-linejoin="round"/>`, label)
}
