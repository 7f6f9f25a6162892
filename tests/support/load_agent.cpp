#include "tests/support/load_member.hpp"

#include <algorithm>
#include <stdexcept>

namespace load {

namespace json = boost::json;

namespace {

constexpr int page_of_entries = 200;
constexpr int pages_at_most = 10'000;

} // namespace

agent::agent(
    boost::asio::io_context& io,
    std::shared_ptr<const crew_settings> how,
    history& into,
    std::string name,
    std::uint32_t seed,
    session who,
    bool writes
)
    : member{io, std::move(how), into, std::move(name), seed}, who_{std::move(who)}, writes_{writes}
{
}

void agent::start(const endpoint& server, const endpoint& watch_at)
{
    server_ = server;
    client::role role = answers();
    role.path = "/ws/agent";
    role.extra = {{"Cookie", who_.cookie}};
    role.hello = {{"csrf", who_.csrf}, {"client", name_}};
    role.welcomed = [this](const json::object&, bool snapshot) {
        is_stale_ = is_stale_ || snapshot;
        if (is_stale_)
            load_snapshot();
    };
    role.event = [this](const json::object& frame) {
        if (const auto* entry = frame.if_contains("entry"))
            keep(entry->as_object());
    };
    client_ = std::make_shared<client>(io_, std::move(role), random_());
    client_->start(writes_ ? server : watch_at);
}

void agent::move_to(const endpoint& server, const endpoint& watch_at)
{
    server_ = server;
    client_->move_to(writes_ ? server : watch_at);
}

observed agent::view(const std::vector<seen_entry>&) const
{
    observed made;
    made.name = name_;
    made.entries = entries_;
    return made;
}

json::object agent::question(operation& what)
{
    if (entries_.empty())
        return {};
    const int which = random(0, static_cast<int>(entries_.size()) - 1);
    const auto& [conversation, seen] = *std::next(entries_.begin(), which);
    const bool hostile = random(1, 100) <= how_->hostile_percent;
    what.text = hostile ? std::string{} : "answer " + what.cid + " of an agent";
    what.by_visitor = false;
    return {
        {"op", "reply"},
        {"conversation", conversation},
        {"text", what.text},
        {"base", seen.rbegin()->first},
    };
}

// When the server dies meanwhile, the next welcome tries again.
void agent::load_snapshot()
{
    try {
        entries_.clear();
        std::string cursor;
        for (int pages = 0; pages < pages_at_most; ++pages) {
            const json::value list = get("/api/v1/conversations?view=all&limit=200" + cursor);
            for (const auto& one : list.at("items").as_array())
                load_conversation(text_of(one.as_object(), "id"));
            const std::string next = text_of(list.as_object(), "next");
            if (next.empty())
                break;
            cursor = "&cursor=" + next;
        }
        is_stale_ = false;
    } catch (const std::exception&) {
        is_stale_ = true;
        client_->cut();
    }
}

void agent::load_conversation(const std::string& id)
{
    std::int64_t after = 0;
    for (int pages = 0; pages < pages_at_most; ++pages) {
        const json::value list =
            get("/api/v1/conversations/" + id + "/entries?after=" + std::to_string(after) +
                "&limit=" + std::to_string(page_of_entries));
        const auto& items = list.at("items").as_array();
        for (const auto& one : items) {
            keep(one.as_object());
            after = std::max(after, number_of(one.as_object(), "seq"));
        }
        if (items.size() < page_of_entries)
            return;
    }
}

json::value agent::get(const std::string& target) const
{
    const answer got = call(server_, "GET", target, session_headers(server_, who_));
    if (got.status != 200)
        throw std::runtime_error{target + ": " + std::to_string(got.status) + " " + got.body};
    return got.json();
}

void agent::keep(const json::object& shape)
{
    const seen_entry made = entry_of(shape, false);
    entries_[made.conversation][made.seq] = made;
}

} // namespace load
