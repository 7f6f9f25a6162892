// What Tidewater sells. Prices in fen (CNY minor units), words in English and 中文.
import { caddy, cups, gaiwan, giftbox, glazes, pitcher, teapot } from './drawings.mjs'

const ships = { name: ['Ships', '发货'], value: ['today, from Hangzhou', '今天，从杭州'] }
const returns = { name: ['Returns', '退换'], value: ['30 days', '30 天'] }
const holds = (ml) => ({ name: ['Holds', '容量'], value: [`${ml} ml`, `${ml} ml`] })
const washer = (yes) => ({
  name: ['Dishwasher', '洗碗机'],
  value: yes ? ['yes, to 70 °C', '可，70 °C 以下'] : ['no, rinse by hand', '不可，请用手洗'],
})

export const groups = {
  teaware: ['Teaware', '茶器'],
  gifts: ['Gift sets', '礼盒'],
  tea: ['Tea', '茶'],
}

export const products = [
  {
    sku: 'gaiwan-matte', group: 'teaware', kind: ['Gaiwan', '盖碗'], price: 28_800, draw: gaiwan, glaze: glazes.matte,
    name: ['Gaiwan set, matte celadon', '盖碗套组，哑光青釉'], short: ['Gaiwan set, matte', '盖碗套组，哑光'],
    text: ['Lid, bowl, saucer and two cups, thrown by hand in Longquan. A glaze like sand after the tide.', '一盖一碗一托，配两只小杯。龙泉手工拉坯，釉面像退潮后的沙滩。'],
    options: [['Matte', '哑光青', glazes.matte], ['Glossy', '亮光青', glazes.glossy], ['Ink black', '墨黑', glazes.ink]],
    specs: [holds(150), washer(true), ships, returns],
  },
  {
    sku: 'teapot-clay', group: 'teaware', kind: ['Teapot', '茶壶'], price: 46_800, draw: teapot, glaze: glazes.clay,
    name: ['Round teapot, red clay', '圆壶，朱泥'], short: ['Round teapot', '圆壶，朱泥'],
    text: ['Unglazed clay that learns the tea you drink. Pours in nine seconds without a drip.', '不上釉的泥，会记住你常喝的茶。九秒出汤，断水利落。'],
    specs: [holds(180), washer(false), ships, returns],
  },
  {
    sku: 'cups-pair', group: 'teaware', kind: ['Cups', '茶杯'], price: 12_800, draw: cups, glaze: glazes.glossy,
    name: ['Two cups, glossy celadon', '对杯，亮光青釉'], short: ['Two cups, glossy', '对杯，亮光'],
    text: ['Thin at the lip and warm in the hand. Sold in twos, because tea is.', '杯口薄，握着暖。成对出售，茶本来就是两个人喝的。'],
    options: [['Glossy', '亮光青', glazes.glossy], ['Matte', '哑光青', glazes.matte], ['Ink black', '墨黑', glazes.ink]],
    specs: [holds(60), washer(true), ships, returns],
  },
  {
    sku: 'pitcher-white', group: 'teaware', kind: ['Fairness pitcher', '公道杯'], price: 16_800, draw: pitcher, glaze: glazes.white,
    name: ['Fairness pitcher, white', '公道杯，甜白釉'], short: ['Fairness pitcher', '公道杯'],
    text: ['So that the first cup is no stronger than the last.', '第一杯和最后一杯一样浓。'],
    specs: [holds(220), washer(true), ships, returns],
  },
  {
    sku: 'gift-tide', group: 'gifts', kind: ['Gift set', '礼盒'], price: 56_800, draw: giftbox, glaze: glazes.matte,
    name: ['Tide box: gaiwan, pitcher, tea', '潮汐礼盒：盖碗、公道杯与茶'], short: ['Tide box', '潮汐礼盒'],
    text: ['Everything for a first afternoon, packed in recycled pulp. We write the card by hand.', '第一个下午需要的都在里面，用再生纸浆包装。卡片由我们手写。'],
    specs: [{ name: ['Inside', '内含'], value: ['gaiwan, pitcher, 50 g tea', '盖碗、公道杯、50 克茶'] }, ships, returns],
  },
  {
    sku: 'gift-two', group: 'gifts', kind: ['Gift set', '礼盒'], price: 29_800, draw: giftbox, glaze: glazes.clay,
    name: ['For two: cups and white tea', '二人礼盒：对杯与白茶'], short: ['For two', '二人礼盒'],
    text: ['Two cups and enough white peony for a month of evenings.', '一对杯，和够喝一个月晚上的白牡丹。'],
    specs: [{ name: ['Inside', '内含'], value: ['two cups, 50 g tea', '对杯、50 克茶'] }, ships, returns],
  },
  {
    sku: 'longjing-50', group: 'tea', kind: ['Green tea', '绿茶'], price: 18_800, draw: caddy, glaze: glazes.leaf,
    name: ['Longjing, before the rains, 50 g', '明前龙井，50 克'], short: ['Longjing, 50 g', '明前龙井'],
    text: ['Picked in the last week of March on one slope. Tastes of chestnut and fog.', '三月最后一周，同一面山坡。有栗香，也有雾。'],
    specs: [{ name: ['Harvest', '采摘'], value: ['March 2026', '2026 年 3 月'] }, ships, returns],
  },
  {
    sku: 'rock-oolong-50', group: 'tea', kind: ['Oolong', '乌龙茶'], price: 22_800, draw: caddy, glaze: glazes.clay,
    name: ['Rock oolong, twice roasted, 50 g', '武夷岩茶，二次焙火，50 克'], short: ['Rock oolong, 50 g', '武夷岩茶'],
    text: ['Grown between two cliffs, roasted over charcoal. Good for ten infusions.', '长在两座崖壁之间，炭火烘焙，能泡十道。'],
    specs: [{ name: ['Harvest', '采摘'], value: ['May 2026', '2026 年 5 月'] }, ships, returns],
  },
  {
    sku: 'white-peony-50', group: 'tea', kind: ['White tea', '白茶'], price: 15_800, draw: caddy, glaze: glazes.white,
    name: ['White peony, 50 g', '白牡丹，50 克'], short: ['White peony, 50 g', '白牡丹'],
    text: ['One bud, two leaves, a day of sun. Nothing else is done to it.', '一芽两叶，一天太阳，别的什么也不做。'],
    specs: [{ name: ['Harvest', '采摘'], value: ['April 2026', '2026 年 4 月'] }, ships, returns],
  },
]
