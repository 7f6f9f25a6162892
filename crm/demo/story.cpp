#include "crm/demo/story.hpp"

#include "crm/demo/dice.hpp"
#include "crm/demo/people.hpp"
#include "crm/demo/scripts.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace crm::demo {

using namespace std::chrono_literals;

const std::vector<product>& products()
{
    static const std::vector<product> all{
        {"LJ-100", "Longjing green tea, 100 g", "西湖龙井 100 克", 12'800, 5'200},
        {"OL-100", "Tieguanyin oolong, 100 g", "铁观音 100 克", 9'800, 3'900},
        {"PE-357", "Pu-erh cake, 357 g", "普洱茶饼 357 克", 26'800, 9'900},
        {"WT-050", "White peony, 50 g", "白牡丹 50 克", 6'800, 2'500},
        {"JM-100", "Jasmine pearls, 100 g", "茉莉龙珠 100 克", 7'800, 2'900},
        {"WY-GIFT", "Wuyi rock tea, gift box", "武夷岩茶礼盒", 49'800, 18'800},
        {"TP-CLAY", "Clay teapot", "紫砂壶", 88'000, 31'000},
        {"CUP-2", "Two porcelain cups", "白瓷杯一对", 5'900, 1'900},
        {"MT-KIT", "Matcha kit", "抹茶套装", 15'900, 6'100},
        {"SAMPLE", "Sample set, ten teas", "十味品鉴装", 3'900, 1'400}
    };
    return all;
}

const std::vector<demo_account>& accounts()
{
    static const std::vector<demo_account> all{
        {"web", channel::web, "Shop chat", "shop.localhost", 0},
        {"mail", channel::email, "Support mail", "help@demo.test", 1},
        {"whatsapp", channel::whatsapp, "WhatsApp (simulated)", "+49 30 5550100", 2},
        {"wechat", channel::wechat, "微信公众号 (simulated)", "gh_demo_tea", 2},
        {"voice", channel::voice, "Phone (simulated)", "+49 30 5550199", 1}
    };
    return all;
}

namespace {

constexpr std::size_t agent_count = 9; // those who answer; see step.cpp

/// The writer of one story.
class teller
{
public:
    teller(const story_size& size, instant now) : dice_{size.seed}
    {
        told_.size = size;
        told_.now = now;
    }

    story tell()
    {
        told_.people = people(told_.size.customers, dice_);
        for (std::size_t i = 0; i < told_.size.orders; ++i)
            buys(i);
        for (std::size_t i = 0; i < told_.size.conversations; ++i)
            talks(i);
        longest_chat();
        mail_thread();
        troubles();
        everybody_comes();
        std::erase_if(told_.beats, [&](const beat& one) { return one.at > told_.now; });
        std::ranges::sort(told_.beats, [](const beat& one, const beat& other) {
            return std::pair{one.at, one.told} < std::pair{other.at, other.told};
        });
        return std::move(told_);
    }

private:
    /// A customer; some buy and write far more often than others.
    std::size_t somebody()
    {
        const double share = dice_.share();
        return static_cast<std::size_t>(share * share * static_cast<double>(told_.people.size()));
    }

    beat& add(instant at, beat_kind kind)
    {
        beat& made = told_.beats.emplace_back();
        made.told = told_.beats.size();
        made.at = at;
        made.kind = kind;
        return made;
    }

    void buys(std::size_t which)
    {
        purchase bought;
        do
            bought.customer = somebody();
        while (told_.people[bought.customer].anonymous);
        bought.number = "A" + std::to_string(10'293 - 293 + which);
        const std::size_t lines = 1 + dice_.below(3);
        for (std::size_t i = 0; i < lines; ++i)
            bought.lines.push_back(
                {.product = dice_.below(products().size()),
                 .quantity = static_cast<std::int64_t>(1 + dice_.below(bought.customer < 8 ? 9 : 3))
                }
            );
        told_.purchases.push_back(bought);
        order_moves(which, told_.now - minutes(dice_.below(60 * 24 * 60)));
    }

    void order_moves(std::size_t which, instant placed)
    {
        add(placed, beat_kind::order_placed).order = which;
        const auto move = [&](instant at, order_status to) {
            beat& made = add(at, beat_kind::order_moves);
            made.order = which;
            made.status = to;
        };
        if (dice_.one_in(20))
            return move(placed + 3h, order_status::cancelled);
        if (dice_.one_in(25))
            return;
        move(placed + 2min, order_status::paid);
        move(placed + 20h, order_status::shipped);
        move(placed + 92h, order_status::delivered);
        if (dice_.one_in(12))
            move(placed + 190h, dice_.one_in(2) ? order_status::returned : order_status::refunded);
    }

    static std::chrono::microseconds minutes(std::uint64_t count)
    {
        return std::chrono::minutes{count};
    }

    /// Busy now, thinner the further back.
    instant begins(std::size_t which)
    {
        if (which % 12 == 0)
            return told_.now - minutes(2 + dice_.below(90));
        const double back = dice_.share() * dice_.share();
        return told_.now - std::chrono::seconds{static_cast<std::int64_t>(back * 60 * 86'400)} -
               95min;
    }

    std::size_t newest_order_of(std::size_t customer) const
    {
        for (std::size_t i = told_.purchases.size(); i > 0; --i)
            if (told_.purchases[i - 1].customer == customer)
                return i - 1;
        return told_.purchases.size();
    }

    const script& a_script_for(std::size_t customer)
    {
        const bool chinese = told_.people[customer].locale.starts_with("zh");
        const auto& all = chinese ? chinese_scripts() : english_scripts();
        const bool bought = newest_order_of(customer) < told_.purchases.size();
        for (;;) {
            const script& one = all[dice_.below(all.size())];
            if (bought || !one.needs_order)
                return one;
        }
    }

    std::size_t an_account_for(std::size_t customer)
    {
        const std::uint64_t roll = dice_.below(100);
        if (roll < 45 || told_.people[customer].anonymous)
            return 0;
        if (roll < 70)
            return 1;
        if (roll < 94)
            return told_.people[customer].locale.starts_with("zh") ? 3 : 2;
        return 4;
    }

    std::string filled(std::string_view line, std::size_t customer, std::size_t agent) const
    {
        std::string text{line};
        const auto put = [&](std::string_view blank, const std::string& value) {
            if (const std::size_t at = text.find(blank); at != std::string::npos)
                text.replace(at, blank.size(), value);
        };
        const std::size_t order = newest_order_of(customer);
        put("{order}", order < told_.purchases.size() ? told_.purchases[order].number : "A10000");
        put("{name}", told_.people[customer].name);
        put("{agent}", agent_names()[agent]);
        return text;
    }

    std::chrono::microseconds pause(std::size_t account)
    {
        if (account == 1)
            return minutes(25 + dice_.below(400));
        return std::chrono::seconds{15 + dice_.below(110)};
    }

    void talks(std::size_t which)
    {
        talk one;
        one.customer = which < told_.people.size() && which % 2 == 0 ? which : somebody();
        one.account = an_account_for(one.customer);
        const script& said = a_script_for(one.customer);
        if (one.account == 1)
            one.subject = said.subject;
        told_.talks.push_back(one);
        instant at = begins(which);
        beat& opened = add(at, beat_kind::opens);
        opened.conversation = which;
        opened.customer = one.customer;
        if (one.account == 0 && dice_.one_in(3)) {
            beat& visit = add(at + 1s, beat_kind::visits);
            visit.conversation = which;
        }
        // Every fourth recent customer still waits for the first answer.
        const bool nobody_yet = which % 48 == 0;
        const std::size_t agent = dice_.below(agent_count);
        speak(which, said.lines, at, agent, nobody_yet);
    }

    void speak(
        std::size_t which,
        const std::vector<std::string_view>& lines,
        instant at,
        std::size_t agent,
        bool nobody_yet
    )
    {
        bool taken = false;
        for (const std::string_view line : lines) {
            const bool customer = line.front() == 'C';
            if (nobody_yet && !customer)
                continue;
            at = at + (customer ? 3s : pause(told_.talks[which].account));
            if (!customer && !taken) {
                beat& take = add(at - 1s, beat_kind::assigned);
                take.conversation = which;
                take.agent = agent;
                taken = true;
            }
            beat& said =
                add(at,
                    customer              ? beat_kind::customer_says
                    : line.front() == 'N' ? beat_kind::agent_notes
                                          : beat_kind::agent_says);
            said.conversation = which;
            said.agent = agent;
            said.text = filled(line.substr(1), told_.talks[which].customer, agent);
            at = at + pause(told_.talks[which].account) / 2;
        }
        if (!nobody_yet)
            ends(which, at, agent);
    }

    void ends(std::size_t which, instant at, std::size_t agent)
    {
        const std::uint64_t roll = dice_.below(100);
        if (dice_.one_in(6)) {
            beat& tag = add(at + 10s, beat_kind::tagged);
            tag.conversation = which;
            tag.number = dice_.below(5);
            tag.agent = agent;
        }
        beat& end =
            add(at + 40s,
                roll < 86   ? beat_kind::resolved
                : roll < 92 ? beat_kind::pending
                : roll < 96 ? beat_kind::snoozed
                            : beat_kind::urgent);
        end.conversation = which;
        end.agent = agent;
    }

    void longest_chat()
    {
        constexpr std::size_t turns = 300;
        const std::size_t which = told_.talks.size();
        told_.talks.push_back({.customer = 1, .account = 0, .subject = ""});
        std::vector<std::string_view> lines;
        for (std::size_t i = 0; i < turns; ++i)
            lines.push_back(small_talk()[i % small_talk().size()]);
        const instant start = told_.now - 4h - 30min;
        beat& opened = add(start, beat_kind::opens);
        opened.conversation = which;
        opened.customer = 1;
        // Thirty seconds a turn, whatever the dice say: the chat is to be 300 messages long by now.
        instant at = start;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            at = at + 50s;
            if (i == 1) {
                beat& take = add(at - 1s, beat_kind::assigned);
                take.conversation = which;
            }
            beat& said =
                add(at, lines[i].front() == 'C' ? beat_kind::customer_says : beat_kind::agent_says);
            said.conversation = which;
            said.text = std::string{lines[i].substr(1)};
        }
    }

    void mail_thread()
    {
        const std::size_t which = told_.talks.size();
        told_.talks.push_back(
            {.customer = 4, .account = 1, .subject = "Re: Re: Fwd: Your invoice, and a complaint"}
        );
        instant at = told_.now - 9 * 24h;
        beat& opened = add(at, beat_kind::opens);
        opened.conversation = which;
        opened.customer = 4;
        for (std::size_t i = 0; i < 14; ++i) {
            at = at + 14h;
            beat& said = add(at, i % 2 == 0 ? beat_kind::customer_says : beat_kind::agent_says);
            said.conversation = which;
            said.agent = 2;
            said.text = i % 2 == 0 ? "Dear team, please see below. This is still not solved."
                                   : "Dear customer, we are looking into it and come back to you.";
            if (i == 4)
                said.html = std::string{hostile_html};
        }
    }

    /// One failed delivery, one uncertain, a stage set by hand, two customers who are one.
    void troubles()
    {
        const auto first_of = [&](std::size_t account, std::size_t from) {
            while (from < told_.talks.size() && told_.talks[from].account != account)
                ++from;
            return from;
        };
        const std::size_t mail = first_of(1, 20);
        const std::size_t social = first_of(2, 20);
        for (const auto& [which, kind] :
             {std::pair{mail, beat_kind::delivery_fails},
              std::pair{social, beat_kind::delivery_uncertain}})
            if (which < told_.talks.size()) {
                beat& made = add(told_.now - 3min, kind);
                made.conversation = which;
                made.agent = 3;
                made.text = "I have sent you the label again, please check.";
            }
        if (mail < told_.talks.size()) {
            beat& hand = add(told_.now - 2min, beat_kind::stage_by_hand);
            hand.conversation = mail;
            hand.text = "asks about an order of a friend";
        }
        for (std::size_t i = told_.people.size(); i > 0; --i)
            if (told_.people[i - 1].anonymous) {
                beat& merged = add(told_.now - 1min, beat_kind::merged);
                merged.customer = 0;
                merged.number = i - 1;
                break;
            }
    }

    /// A customer exists from just before the first thing they do.
    void everybody_comes()
    {
        std::vector<instant> first(told_.people.size(), told_.now - 60 * 24h);
        std::vector<bool> seen(told_.people.size(), false);
        const auto note = [&](std::size_t who, instant at) {
            if (!seen[who] || at < first[who])
                first[who] = at;
            seen[who] = true;
        };
        for (const beat& one : told_.beats) {
            if (one.kind == beat_kind::opens)
                note(one.customer, one.at);
            if (one.kind == beat_kind::order_placed)
                note(told_.purchases[one.order].customer, one.at);
        }
        for (std::size_t i = 0; i < told_.people.size(); ++i) {
            beat& made = add(first[i] - 5s, beat_kind::customer_comes);
            made.customer = i;
        }
    }

    dice dice_;
    story told_;
};

} // namespace

story tell(const story_size& size, instant now)
{
    return teller{size, now}.tell();
}

} // namespace crm::demo
