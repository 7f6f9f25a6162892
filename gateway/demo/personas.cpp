#include "gateway/demo/personas.hpp"

#include <array>

namespace gateway::demo {

namespace {

using lines = std::string_view;

constexpr lines late_parcel[]{
    "Hello! My parcel was due yesterday and tracking has not moved since Monday.",
    "The order is A10293, it is a birthday present.",
    "Could you ask the carrier where it is?",
    "Thank you, that helps a lot."
};
constexpr lines which_tea[]{
    "你好，想买一款适合早上喝的茶，不要太苦。",
    "平时喝绿茶比较多，红茶也可以试试。",
    "这款可以泡几次？",
    "好的，那我下单试试，谢谢！"
};
constexpr lines broken_cup[]{
    "One of the two cups arrived broken, I have a photo.",
    "No rush, but I would like a new cup rather than the money.",
    "The same colour please, the grey one.",
    "Perfect, thanks for sorting this out so fast."
};
constexpr lines invoice[]{
    "请问可以开公司发票吗？", "订单是上周的，一共三件。", "抬头我现在发给您。", "收到，谢谢。"
};
constexpr lines allergies[]{
    "Is there any nut in the winter blend? My daughter is allergic.",
    "And is it packed in the same room as the marzipan tea?",
    "Good to know. I will take the mint instead."
};
constexpr lines return_pot[]{
    "茶壶收到了，比想象的小，可以退吗？",
    "没有用过，包装都在。",
    "运费是我这边出吗？",
    "明白了，我明天寄回。"
};
constexpr lines wholesale[]{
    "Hi, we run a small hotel and would like about 40 tins a month.",
    "Do you have prices for that?",
    "Could somebody call me tomorrow morning?",
    "Great, I look forward to it."
};
constexpr lines discount[]{
    "优惠码用不了，提示已过期。",
    "昨天收到的短信里写的是到月底。",
    "可以帮我补一下差价吗？",
    "太好了，谢谢你们！"
};
constexpr lines brewing[]{
    "How hot should the water be for the first flush?",
    "Mine turned out bitter.",
    "Ah, I used boiling water. I will try 80 degrees."
};
constexpr lines address[]{
    "我想改一下收货地址，订单还没发货吧？", "改成公司地址，明天白天有人收。", "谢谢，麻烦了。"
};

constexpr std::array<persona, 10> all{{
    {"en", "Maya Lindqvist", "/", "Tidewater Tea", late_parcel},
    {"zh-CN", "陈思远", "/products/", "全部茶叶", which_tea},
    {"en-GB", "Oliver Grant", "/products/", "All teas", broken_cup},
    {"zh-CN", "王美琪", "/order/", "订单", invoice},
    {"en", "Priya Raman", "/products/", "Winter blend", allergies},
    {"zh-CN", "刘洋", "/order/", "订单", return_pot},
    {"de", "Jonas Weber", "/", "Tidewater Tea", wholesale},
    {"zh-TW", "林佳穎", "/basket/", "購物車", discount},
    {"en", "Sam O’Neill", "/products/", "First flush", brewing},
    {"zh-CN", "赵敏 👩🏻‍💻", "/order/", "订单", address},
}};

} // namespace

const persona& persona_at(std::size_t index)
{
    return all[index % all.size()];
}

} // namespace gateway::demo
