#include "gateway/live/replay.hpp"

#include "crm/audit.hpp"
#include "crm/customer.hpp"
#include "crm/store/log_reader.hpp"

#include <unordered_map>
#include <utility>

namespace gateway::live {

namespace {

constexpr int step = 1'000;

/// Everybody's log entries of a range, oldest first; nullopt when there are too many.
std::optional<std::vector<crm::log_entry>> read_all(crm::db::connection& on, const log_range& range)
{
    if (range.from > range.to || range.to - range.from > range.most.entries)
        return std::nullopt;
    std::vector<crm::log_entry> made;
    for (auto from = range.from; from < range.to;) {
        auto part = crm::audit::after(on, from, step);
        // A gap at the front means that the log was cut off before this client came back, nothing
        // at all that it was cut off further than where the client is to go.
        if (part.empty() || part.front().position != from + 1)
            return std::nullopt;
        from = part.back().position;
        for (auto& each : part)
            if (each.position <= range.to)
                made.push_back(std::move(each));
    }
    return made;
}

/// A customer's log entries of a range; nullopt when there are too many, or not all are there.
std::optional<std::vector<crm::log_entry>>
read_own(crm::db::connection& on, crm::customer_id root, const log_range& range)
{
    if (range.from > range.to || range.to - range.from > range.most.stretch)
        return std::nullopt;
    const auto log = crm::read_log_bounds(on);
    if (range.from < log.floor || range.to > log.head)
        return std::nullopt;
    const auto members = crm::customers::members_of(on, root);
    auto made = crm::audit::of_customers(on, members, range.from, range.to, range.most.entries + 1);
    if (std::cmp_greater(made.size(), range.most.entries))
        return std::nullopt;
    return made;
}

/// Present states, each read once.
class present_states
{
public:
    explicit present_states(crm::db::connection& on) : on_{on} {}

    void fill(crm::log_entry& what)
    {
        if (crm::raw(what.conversation) == 0 || what.conversation_state)
            return;
        auto& kept = kept_[crm::raw(what.conversation)];
        if (!kept)
            if (auto found = crm::conversations::find(on_, what.conversation))
                kept = std::make_shared<const crm::conversation>(std::move(*found));
        what.conversation_state = kept;
    }

private:
    crm::db::connection& on_;
    std::unordered_map<std::int64_t, std::shared_ptr<const crm::conversation>> kept_;
};

/// Adds what is told to what was missed; false when it has become too much.
bool add(std::vector<missed_event>& to, missed_event one, std::int64_t& bytes_left)
{
    bytes_left -= static_cast<std::int64_t>(one.tail->size());
    to.push_back(std::move(one));
    return bytes_left >= 0;
}

bool changes_rights_of(const crm::log_entry& what, crm::agent_id who)
{
    const bool of_rights =
        what.what == crm::happening::rights_changed || what.what == crm::happening::agent_changed;
    return (of_rights && what.subject == crm::raw(who)) ||
           what.what == crm::happening::team_created;
}

} // namespace

std::optional<std::vector<missed_event>> missed_by_agent(
    crm::db::connection& on,
    const viewer& who,
    const wire::names& known,
    const log_range& range,
    crm::instant now
)
{
    auto entries = read_all(on, range);
    if (!entries)
        return std::nullopt;
    present_states states{on};
    std::vector<missed_event> made;
    auto bytes_left = range.most.bytes;
    for (auto& each : *entries) {
        if (changes_rights_of(each, who.agent))
            return std::nullopt;
        states.fill(each);
        const auto position = each.position;
        const auto news = complete(on, std::move(each), now);
        // Offers are in the welcome, so nobody is named as offered to.
        for (const auto& event : agent_events(news, known, crm::agent_id{}))
            if (const auto* body = body_for(event, who))
                if (!add(made, {position, tail_of(std::to_string(position), *body)}, bytes_left))
                    return std::nullopt;
    }
    return made;
}

std::optional<std::vector<missed_event>> missed_by_customer(
    crm::db::connection& on,
    const customer_ear& who,
    const wire::names& known,
    const position_veil& veil,
    const log_range& range,
    crm::instant now
)
{
    auto entries = read_own(on, who.root, range);
    if (!entries)
        return std::nullopt;
    present_states states{on};
    std::vector<missed_event> made;
    auto bytes_left = range.most.bytes;
    for (auto& each : *entries) {
        states.fill(each);
        if (!each.conversation_state || each.conversation_state->shown.id != who.root ||
            !who.hears(*each.conversation_state))
            continue;
        const auto news = complete(on, std::move(each), now);
        const auto position = news.what.position;
        if (const auto body = customer_event(news.what, known, who.address, who.shows_read_marks))
            if (!add(
                    made, {position, tail_of(veil.hide(position, who.veiled_as), *body)}, bytes_left
                ))
                return std::nullopt;
    }
    return made;
}

} // namespace gateway::live
