#include "tests/support/load_crew.hpp"

#include <algorithm>

namespace load {

namespace asio = boost::asio;

crew::crew(asio::io_context& io, crew_settings how, history& into) : random_{how.seed}
{
    const auto settings = std::make_shared<const crew_settings>(std::move(how));
    for (int i = 0; i < settings->visitors; ++i)
        members_.push_back(
            std::make_shared<visitor>(io, settings, into, "v" + std::to_string(i), random_())
        );
    int number = 0;
    for (const auto& who : settings->agents)
        members_.push_back(std::make_shared<agent>(
            io, settings, into, "a" + std::to_string(number++), random_(), who, true
        ));
    for (const auto& who : settings->watchers)
        members_.push_back(std::make_shared<agent>(
            io, settings, into, "w" + std::to_string(number++), random_(), who, false
        ));
}

crew::~crew()
{
    for (const auto& one : members_)
        one->stop();
}

void crew::start(const endpoint& server, const endpoint& watch_at)
{
    for (const auto& one : members_)
        one->start(server, watch_at);
}

void crew::move_to(const endpoint& server, const endpoint& watch_at)
{
    for (const auto& one : members_)
        one->move_to(server, watch_at);
}

void crew::begin_writing()
{
    for (const auto& one : members_)
        one->begin_writing();
}

void crew::stop_writing()
{
    for (const auto& one : members_)
        one->stop_writing();
}

void crew::cut_somebody()
{
    const auto which = std::uniform_int_distribution<std::size_t>{0, members_.size() - 1}(random_);
    members_[which]->line().cut();
}

bool crew::is_answered() const
{
    return std::ranges::all_of(members_, [](const auto& one) {
        return one->is_answered() && one->line().is_welcome();
    });
}

std::int64_t crew::resumes() const
{
    std::int64_t sum = 0;
    for (const auto& one : members_)
        sum += one->line().resumes();
    return sum;
}

std::int64_t crew::snapshots() const
{
    std::int64_t sum = 0;
    for (const auto& one : members_)
        sum += one->line().snapshots();
    return sum;
}

std::int64_t crew::gaps_seen() const
{
    std::int64_t sum = 0;
    for (const auto& one : members_)
        sum += one->line().gaps_seen();
    return sum;
}

std::vector<observed> crew::views(const std::vector<seen_entry>& stored) const
{
    std::vector<observed> made;
    for (const auto& one : members_)
        made.push_back(one->view(stored));
    return made;
}

std::string crew::troubles() const
{
    std::string words;
    for (const auto& one : members_)
        if (!one->line().last_gap().empty())
            words += one->name() + ": " + one->line().last_gap() + "\n";
    for (const auto& one : members_)
        if (!one->is_answered() || !one->line().is_welcome())
            words += one->name() + ": " + std::to_string(one->line().unanswered()) +
                     " unanswered, last close " + one->line().last_close() + "\n";
    return words;
}

} // namespace load
