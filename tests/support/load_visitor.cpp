#include "tests/support/load_member.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace load {

namespace json = boost::json;

void visitor::start(const endpoint& server, const endpoint&)
{
    client::role role = answers();
    role.path = "/ws/chat";
    role.hello = {{"inbox", how_->inbox}, {"locale", "en"}, {"client", name_}};
    role.welcomed = [this](const json::object& frame, bool snapshot) { welcomed(frame, snapshot); };
    role.event = [this](const json::object& frame) {
        if (const auto* entry = frame.if_contains("entry"))
            keep(entry->as_object());
    };
    role.history = [this](const json::object& frame) { page(frame); };
    role.answered = [this, told = std::move(role.answered)](const reply& got) {
        if (got.cid == page_cid_ && !got.ok && got.retryable)
            page_refused();
        else
            told(got);
    };
    client_ = std::make_shared<client>(io_, std::move(role), random_());
    client_->start(server);
}

void visitor::move_to(const endpoint& server, const endpoint&)
{
    client_->move_to(server);
}

observed visitor::view(const std::vector<seen_entry>& stored) const
{
    observed made;
    made.name = name_;
    made.by_public_seq = true;
    const std::string mine = name_ + "-";
    for (const auto& row : stored)
        if (row.cid.starts_with(mine))
            made.conversation = row.conversation;
    // Nothing of this visitor was stored: then nothing may have been seen either.
    if (made.conversation.empty())
        made.conversation = "none of " + name_;
    made.entries[made.conversation] = entries_;
    return made;
}

json::object visitor::question(operation& what)
{
    const bool hostile = random(1, 100) <= how_->hostile_percent;
    what.text = hostile ? std::string{} : "message " + what.cid + " of a customer who waits";
    return {{"op", "say"}, {"text", what.text}};
}

void visitor::welcomed(const json::object& frame, bool snapshot)
{
    if (!snapshot)
        return;
    entries_.clear();
    // A page asked for before belongs to what was just forgotten.
    client_->forget(std::exchange(page_cid_, {}));
    for (const auto& entry : frame.at("entries").as_array())
        keep(entry.as_object());
    if (frame.at("more").as_bool())
        ask_page(entries_.begin()->first);
}

void visitor::ask_page(std::int64_t before)
{
    page_before_ = before;
    page_cid_ = fresh_cid() + "-more";
    client_->ask(page_cid_, {{"op", "more"}, {"before", before}});
}

void visitor::page_refused()
{
    after(std::chrono::milliseconds{20}, [this, cid = page_cid_](member&) {
        if (cid == page_cid_) // else a snapshot came meanwhile
            ask_page(page_before_);
    });
}

void visitor::page(const json::object& frame)
{
    if (text_of(frame, "cid") != page_cid_)
        return;
    page_cid_.clear();
    const auto& entries = frame.at("entries").as_array();
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    for (const auto& entry : entries) {
        keep(entry.as_object());
        oldest = std::min(oldest, number_of(entry.as_object(), "seq"));
    }
    if (!entries.empty() && frame.at("more").as_bool())
        ask_page(oldest);
}

void visitor::keep(const json::object& shape)
{
    const seen_entry made = entry_of(shape, true);
    entries_[made.public_seq] = made;
}

} // namespace load
