#include "crm/demo/demo.hpp"

#include "crm/conversation_list.hpp"
#include "crm/customer.hpp"
#include "crm/demo/furniture.hpp"
#include "crm/demo/people.hpp"
#include "crm/order.hpp"
#include "crm/outbox.hpp"
#include "crm/staff.hpp"
#include "crm/value.hpp"

#include <algorithm>
#include <utility>

namespace crm::demo {

using namespace std::chrono_literals;

namespace {

// A job has 128 ids and is to touch some 200 rows; each kind of beat says what it may need.
constexpr int ids_of_a_job = 110;
constexpr int rows_of_a_job = 190;

struct need
{
    int ids;
    int rows;
};

need need_of(beat_kind kind)
{
    switch (kind) {
    case beat_kind::customer_comes:
        return {3, 10};
    case beat_kind::opens:
        return {3, 6};
    case beat_kind::customer_says:
    case beat_kind::agent_says:
    case beat_kind::agent_notes:
    case beat_kind::visits:
    case beat_kind::fills_form:
        return {2, 6};
    case beat_kind::assigned:
    case beat_kind::resolved:
    case beat_kind::pending:
    case beat_kind::tagged:
    case beat_kind::urgent:
    case beat_kind::stage_by_hand:
        return {1, 6};
    case beat_kind::snoozed:
        return {2, 8};
    case beat_kind::order_placed:
    case beat_kind::order_moves:
    case beat_kind::delivery_fails:
    case beat_kind::delivery_uncertain:
    case beat_kind::merged:
        return {14, 30};
    }
    return {14, 30};
}

/// Plays the beats of one job.
class player
{
public:
    player(transaction& tx, const context& by, const story& told, progress& made)
        : tx_{tx}, by_{by}, told_{told}, made_{made}
    {
    }

    void play(const beat& one)
    {
        by_.now = one.at;
        switch (one.kind) {
        case beat_kind::customer_comes:
            return comes(one);
        case beat_kind::opens:
            return opens(one);
        case beat_kind::order_placed:
        case beat_kind::order_moves:
            return orders(one);
        case beat_kind::merged:
            as_agent(0);
            return customers::merge(
                tx_, by_, made_.customers[one.customer], made_.customers[one.number]
            );
        default:
            break;
        }
        // A story cut short may speak of a conversation that did not begin.
        if (raw(made_.conversations[one.conversation]) != 0)
            goes_on(one);
    }

private:
    void as_agent(std::size_t which)
    {
        by_.who = {.kind = actor_kind::agent, .id = raw(made_.agents[which]), .by = via::console};
    }
    void as_customer(std::size_t which)
    {
        by_.who = {
            .kind = actor_kind::customer, .id = raw(made_.customers[which]), .by = via::widget
        };
    }

    void comes(const beat& one)
    {
        const person& like = told_.people[one.customer];
        by_.who = {.kind = actor_kind::system, .id = 0, .by = via::import};
        customer_change known;
        known.locale = like.locale;
        if (!like.anonymous)
            known.name = like.name;
        if (one.customer < 3)
            known.fields = {
                {archive_field::decision_role, "decides"},
                {archive_field::likes, one.customer == 0 ? "绿茶，早上下单" : "oolong, gift boxes"},
                {archive_field::usual_purchase_time, "evenings"}
            };
        const customer_id id = customers::create(tx_, by_, known).id;
        made_.customers[one.customer] = id;
        identity address;
        address.customer = id;
        address.kind = like.anonymous ? identity_kind::visitor : identity_kind::email;
        address.address =
            like.anonymous ? "demo-visitor-" + std::to_string(one.customer) : like.mail;
        address.source = source::signed_by_host;
        made_.identities[one.customer] = identities::add(tx_, by_, address, true).id;
        if (!like.phone.empty()) {
            address.kind = identity_kind::phone;
            address.address = like.phone;
            address.source = source::claimed;
            identities::add(tx_, by_, address, false);
        }
    }

    void opens(const beat& one)
    {
        const talk& about = told_.talks[one.conversation];
        const demo_account& account = accounts()[about.account];
        as_customer(about.customer);
        new_conversation wanted;
        wanted.inbox = made_.inboxes[account.inbox];
        wanted.customer = made_.customers[about.customer];
        wanted.account = made_.accounts[about.account];
        wanted.identity = made_.identities[about.customer];
        wanted.channel = account.channel;
        wanted.subject = about.subject;
        wanted.locale = told_.people[about.customer].locale;
        made_.conversations[one.conversation] = conversations::open(tx_, by_, wanted).id;
        if (account.channel == channel::voice) {
            new_entry call = entry_of(one, entry_kind::call);
            call.text = "Called about an order; all clear.";
            call.details = R"({"direction":"inbound","duration_ms":184000,"disposition":"solved"})";
            timeline::append(tx_, by_, call);
        }
    }

    new_entry entry_of(const beat& one, entry_kind kind)
    {
        new_entry wanted;
        wanted.conversation = made_.conversations[one.conversation];
        wanted.kind = kind;
        wanted.by.kind =
            by_.who.kind == actor_kind::agent ? author_kind::agent : author_kind::customer;
        wanted.by.id = by_.who.id;
        if (wanted.by.kind == author_kind::customer)
            wanted.by.identity = made_.identities[told_.talks[one.conversation].customer];
        wanted.text = one.text;
        wanted.html = one.html;
        return wanted;
    }

    void speaks(const beat& one)
    {
        const channel on = accounts()[told_.talks[one.conversation].account].channel;
        if (on == channel::voice && one.kind != beat_kind::agent_notes)
            return;
        if (one.kind == beat_kind::customer_says)
            as_customer(told_.talks[one.conversation].customer);
        else
            as_agent(one.agent);
        new_entry wanted = entry_of(
            one, one.kind == beat_kind::agent_notes ? entry_kind::note : entry_kind::message
        );
        if (one.kind == beat_kind::agent_says)
            wanted.delivery = on == channel::email         ? delivery::sent
                              : by_.now + 2min < told_.now ? delivery::read
                                                           : delivery::delivered;
        timeline::append(tx_, by_, wanted);
    }

    void visits(const beat& one)
    {
        as_customer(told_.talks[one.conversation].customer);
        new_entry wanted = entry_of(one, entry_kind::visit);
        wanted.is_public = false;
        wanted.details = R"({"url":")" + told_.size.shop_origin +
                         R"(/tea/longjing","title":"Longjing · 西湖龙井"})";
        timeline::append(tx_, by_, wanted);
    }

    void goes_on(const beat& one)
    {
        const conversation_id where = made_.conversations[one.conversation];
        using namespace conversations;
        switch (one.kind) {
        case beat_kind::customer_says:
        case beat_kind::agent_says:
        case beat_kind::agent_notes:
            return speaks(one);
        case beat_kind::visits:
            return visits(one);
        case beat_kind::delivery_fails:
        case beat_kind::delivery_uncertain:
            return gets_lost(one);
        default:
            break;
        }
        as_agent(one.agent);
        // Snoozes of the story end one after another over the hours to come.
        const instant back = std::max(
            one.at + 1h,
            told_.now + 25min + 35min * static_cast<std::int64_t>(one.conversation % 11)
        );
        switch (one.kind) {
        case beat_kind::assigned:
            assign(tx_, by_, where, made_.agents[one.agent]);
            break;
        case beat_kind::resolved:
            set_status(tx_, by_, where, conversation_status::resolved);
            break;
        case beat_kind::pending:
            set_status(tx_, by_, where, conversation_status::pending);
            break;
        case beat_kind::snoozed:
            set_status(tx_, by_, where, conversation_status::snoozed, back);
            break;
        case beat_kind::tagged:
            add_tag(tx_, by_, where, made_.tags[one.number]);
            break;
        case beat_kind::urgent:
            set_priority(tx_, by_, where, priority::urgent);
            break;
        case beat_kind::stage_by_hand:
            set_stage(tx_, by_, where, stage::after_sale, one.text);
            break;
        default:
            break;
        }
    }

    /// A reply that the other side refused, or whose fate nobody knows.
    void gets_lost(const beat& one)
    {
        as_agent(one.agent);
        new_entry wanted = entry_of(one, entry_kind::message);
        wanted.delivery = delivery::queued;
        const appended said = timeline::append(tx_, by_, wanted);
        const outbox_item item = outbox::put(
            tx_, by_, *said.what, made_.identities[told_.talks[one.conversation].customer], 0s
        );
        for (const outbox_item& leased : outbox::lease(tx_, by_, 1, 30s, 50)) {
            if (leased.id != item.id)
                continue;
            if (one.kind == beat_kind::delivery_fails)
                outbox::dead(tx_, by_, item.id, leased.fence, "550 5.1.1 no such mailbox");
            else
                outbox::uncertain(tx_, by_, item.id, leased.fence, "timed out after hand-over");
        }
    }

    void orders(const beat& one)
    {
        by_.who = {.kind = actor_kind::token, .id = 0, .by = via::api};
        if (one.kind == beat_kind::order_moves) {
            if (raw(made_.orders[one.order]) == 0)
                return;
            order_change moved;
            moved.status = one.status;
            if (one.status == order_status::shipped) {
                moved.carrier = "SF Express";
                moved.tracking = "SF" + std::to_string(1'000'000'000 + one.order * 7'919);
                moved.eta = one.at + 72h;
            }
            orders::change(tx_, by_, made_.orders[one.order], moved);
            return;
        }
        const purchase& bought = told_.purchases[one.order];
        const bool chinese = told_.people[bought.customer].locale.starts_with("zh");
        crm::order wanted;
        wanted.number = bought.number;
        wanted.customer = made_.customers[bought.customer];
        wanted.currency = "CNY";
        for (const purchase_line& line : bought.lines) {
            const product& what = products()[line.product];
            wanted.lines.push_back(
                {.sku = what.sku,
                 .name = chinese ? what.chinese : what.english,
                 .quantity = line.quantity,
                 .unit_minor = what.unit_minor,
                 .unit_cost_minor = what.unit_cost_minor}
            );
        }
        made_.orders[one.order] = orders::place(tx_, by_, wanted).id;
    }

    transaction& tx_;
    context by_;
    const story& told_;
    progress& made_;
};

/// Scores and tiers for all, once the orders are in.
void value_everybody(transaction& tx, context& by, progress& made)
{
    constexpr std::size_t at_once = 25;
    if (made.values_after == 0)
        value::recompute(tx, by);
    const std::size_t end = std::min(made.values_after + at_once, made.customers.size());
    for (; made.values_after < end; ++made.values_after)
        if (raw(made.customers[made.values_after]) != 0)
            value::refresh(
                tx, by, made.customers[made.values_after], happening::setting_changed, 0
            );
    made.finished = made.values_after == made.customers.size();
}

} // namespace

bool is_furnished(db::connection& on)
{
    db::rows row = on.query("SELECT id FROM inboxes LIMIT 1");
    return row.next();
}

progress step(transaction& tx, const context& by, const story& told, progress made)
{
    context mine = by;
    if (!made.furnished) {
        mine.now = told.now - 61 * 24h;
        furnish(tx, mine, told, made);
        return made;
    }
    if (made.next_beat == told.beats.size()) {
        mine.now = told.now;
        value_everybody(tx, mine, made);
        return made;
    }
    player plays{tx, by, told, made};
    int ids = 0;
    int rows = 0;
    while (made.next_beat < told.beats.size()) {
        const beat& next = told.beats[made.next_beat];
        const need wanted = need_of(next.kind);
        if (ids + wanted.ids > ids_of_a_job || rows + wanted.rows > rows_of_a_job)
            break;
        ids += wanted.ids;
        rows += wanted.rows;
        plays.play(next);
        ++made.next_beat;
    }
    return made;
}

std::vector<login> logins(db::connection& on)
{
    std::vector<login> found;
    for (const agent& one : staff::agents(on)) {
        const bool of_the_demo = one.email.ends_with("@demo.test");
        if (!of_the_demo || one.roles.empty())
            continue;
        found.push_back(
            {.role = std::string{word(one.roles.front().role)}, .email = one.email, .agent = one.id}
        );
    }
    std::ranges::sort(found, {}, [](const login& one) {
        return std::pair{from_word<role>(one.role), one.agent};
    });
    return found;
}

} // namespace crm::demo
