#include "gateway/live/hub.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "crm/store/failpoint.hpp"
#include "gateway/directory.hpp"
#include "gateway/live/agent_session.hpp"
#include "gateway/live/customer_session.hpp"
#include "gateway/live/kinds.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/sign_in.hpp"

namespace gateway {

namespace {

constexpr std::size_t states_kept = 10'000; // in each of two generations
constexpr std::size_t births_kept = 10'000; // in each of two generations
constexpr std::int64_t hello_ms = 10'000;

} // namespace

hub::hub(boost::asio::io_context& io) : io_{io}, timer_{io} {}
hub::~hub() = default;

void hub::start(house& in)
{
    in_ = &in;
    veil_ = std::make_unique<live::position_veil>(in.keys.positions);
    listening_ =
        in.store.on_news([this](std::span<const crm::log_entry> committed) { hear(committed); });
    tick();
}

void hub::stop()
{
    listening_.reset();
    timer_.cancel();
}

void hub::add(live::agent_session& one)
{
    const bool first = !is_connected(one.who().agent);
    agents_.insert(&one);
    if (first)
        in_->outlook.connected(one.who().agent, true);
}

void hub::remove(live::agent_session& one)
{
    if (agents_.erase(&one) == 0)
        return;
    viewing(one, {}, {});
    if (!is_connected(one.who().agent))
        in_->outlook.connected(one.who().agent, false);
}

void hub::replace(crm::agent_id who, const std::string& client)
{
    for (auto* each : agents_)
        if (each->who().agent == who && each->is_of(client))
            each->close(net::close_code::replaced, "another socket of this tab took over");
}

void hub::add(live::customer_session& one, crm::customer_id root)
{
    customers_[crm::raw(root)].push_back(&one);
    ++customer_sockets_;
}

void hub::remove(live::customer_session& one, crm::customer_id root)
{
    const auto found = customers_.find(crm::raw(root));
    if (found == customers_.end() || std::erase(found->second, &one) == 0)
        return;
    --customer_sockets_;
    if (found->second.empty())
        customers_.erase(found);
}

std::vector<std::shared_ptr<live::customer_session>>
hub::strangers_with(const std::string& visitor_key)
{
    std::vector<std::shared_ptr<live::customer_session>> made;
    if (const auto found = customers_.find(0); found != customers_.end())
        for (auto* each : found->second)
            if (each->visitor_key() == visitor_key)
                made.push_back(each->self());
    return made;
}

crm::customer_id hub::signed_in_with(const std::string& visitor_key) const
{
    for (const auto& [root, sockets] : customers_)
        for (const auto* each : sockets)
            if (root != 0 && each->visitor_key() == visitor_key && each->signed_as())
                return static_cast<crm::customer_id>(root);
    return {};
}

void hub::end_token(
    crm::customer_id root, const std::string& visitor_key, const live::customer_session& but
)
{
    const auto found = customers_.find(crm::raw(root));
    if (found == customers_.end() || visitor_key.empty())
        return;
    for (auto* each : found->second)
        if (each != &but && each->visitor_key() == visitor_key)
            each->close(net::close_code::epoch_changed, "this visitor has ended: load again");
}

std::size_t hub::apps_connected() const
{
    std::ptrdiff_t found = 0;
    for (const auto& [root, sockets] : customers_)
        found += std::count_if(sockets.begin(), sockets.end(), [](const auto* each) {
            return each->is_app();
        });
    return static_cast<std::size_t>(found);
}

bool hub::is_connected(crm::agent_id who) const
{
    return std::any_of(agents_.begin(), agents_.end(), [&](const auto* each) {
        return each->who().agent == who;
    });
}

void hub::expect_hello(const std::shared_ptr<live::session>& one)
{
    hellos_.emplace_back(net::steady_ms() + hello_ms, one);
}

void hub::hear(std::span<const crm::log_entry> committed)
{
    for (const auto& each : committed) {
        ++counts_.log_entries;
        // At once: who is answered after this commit must not meet the rights of before it.
        in_->doors.hear(each);
        if (each.what == crm::happening::customer_created) {
            if (young_births_.size() >= births_kept)
                old_births_ = std::exchange(young_births_, {});
            young_births_[crm::raw(each.customer)] = each.position - 1;
        }
        // Once something has to wait, everything behind it waits too.
        const bool waits = working_ || !backlog_.empty() || !live::is_complete(each) ||
                           directory::concerns(each.what);
        if (waits) {
            backlog_.push_back(each);
            const auto most = static_cast<std::size_t>(in_->config.limits.backlog_entries);
            if (backlog_.size() - in_work_ > most)
                give_up_backlog();
            continue;
        }
        deliver({.what = each, .extra = {}});
        after_delivery(each);
    }
    if (backlog_.empty() || working_)
        return;
    working_ = true;
    auto work = [](hub& self) -> task<void> { co_await self.work_off(); };
    crm::spawn(io_.get_executor(), "hub.news", work(*this));
}

/// News that must be completed from the database first. Whatever follows it waits, so that every
/// socket hears everything in the order of the log.
task<void> hub::work_off()
{
    while (!backlog_.empty()) {
        std::vector<crm::log_entry> part(backlog_.begin(), backlog_.end());
        in_work_ = part.size();
        bool names_changed = std::exchange(names_stale_, false);
        for (const auto& each : part)
            names_changed = names_changed || directory::concerns(each.what);
        std::vector<live::told> ready;
        try {
            crm::failpoint("hub.news");
            if (names_changed)
                co_await in_->people.load();
            names_changed = false;
            const auto job = [part, now = in_->time.now()](crm::db::connection& on) {
                crm::failpoint("hub.read");
                std::vector<live::told> made;
                made.reserve(part.size());
                for (const auto& each : part)
                    made.push_back(live::complete(on, each, now));
                return made;
            };
            ready = co_await in_->store.read(job);
        } catch (const std::exception& why) {
            // Nobody may be left behind a gap that nobody saw: everybody starts anew.
            crm::logging::error("hub.news_failed", {{"why", why.what()}});
            names_stale_ = names_stale_ || names_changed;
            close_everybody();
            ready.clear();
        }
        // What takes rights away is heard even where it could not be shown.
        if (ready.empty())
            for (const auto& each : part)
                heed_untold(each);
        for (const auto& each : ready) {
            deliver(each);
            after_delivery(each.what);
        }
        backlog_.erase(
            backlog_.begin(), backlog_.begin() + static_cast<std::ptrdiff_t>(part.size())
        );
        in_work_ = 0;
    }
    working_ = false;
}

/// Who and what there is could not be read when it changed: again, also when no news follows.
task<void> hub::reload_names()
{
    names_stale_ = false;
    try {
        co_await in_->people.load();
    } catch (const std::exception& why) {
        crm::logging::error("hub.names_failed", {{"why", why.what()}});
        names_stale_ = true;
    }
    co_await work_off();
}

/// The database does not answer, and news piles up: everybody loads again when it does. What is not
/// told must still be heeded, for rights and names hang on it.
void hub::give_up_backlog()
{
    crm::logging::error("hub.backlog_given_up", {{"entries", backlog_.size() - in_work_}});
    close_everybody();
    for (std::size_t i = in_work_; i < backlog_.size(); ++i) {
        const auto& each = backlog_[i];
        names_stale_ = names_stale_ || directory::concerns(each.what);
        heed_untold(each);
    }
    backlog_.resize(in_work_);
}

/// What nobody was told of; the state kept of its conversation is no longer true.
void hub::heed_untold(const crm::log_entry& what)
{
    young_.erase(crm::raw(what.conversation));
    old_.erase(crm::raw(what.conversation));
    after_delivery(what);
}

void hub::close_everybody()
{
    for (auto* each : agents_)
        each->close(net::close_code::epoch_changed, "news was lost: load again");
    for (auto& [root, sockets] : customers_)
        for (auto* each : sockets)
            each->close(net::close_code::epoch_changed, "news was lost: load again");
}

void hub::deliver(const live::told& news)
{
    if (news.what.conversation_state)
        keep(news.what.conversation_state);
    if (news.what.what == crm::happening::request_offered)
        offers_[static_cast<crm::request_id>(news.what.subject)] =
            static_cast<crm::agent_id>(news.what.number);
    if (!agents_.empty())
        deliver_to_agents(news);
    if (customer_sockets_ > 0)
        deliver_to_customer(news.what);
}

void hub::deliver_to_agents(const live::told& news)
{
    const auto offer = offers_.find(static_cast<crm::request_id>(news.what.subject));
    const bool is_offer =
        news.what.what == crm::happening::request_offered || live::ends_offer(news.what.what);
    const auto whose = is_offer && offer != offers_.end() ? offer->second : crm::agent_id{};
    const auto at = std::to_string(news.what.position);
    for (const auto& event : live::agent_events(news, *in_->people.names(), whose)) {
        std::map<const std::string*, std::shared_ptr<const std::string>> made;
        for (auto* each : agents_) {
            const auto* body = live::body_for(event, each->who());
            if (!body)
                continue;
            auto& tail = made[body];
            if (!tail)
                tail = live::tail_of(at, *body);
            ++counts_.events_out;
            each->send_event(news.what.position, tail);
        }
    }
}

void hub::deliver_to_customer(const crm::log_entry& what)
{
    if (!what.conversation_state)
        return;
    const auto root = what.conversation_state->shown.id;
    const auto found = customers_.find(crm::raw(root));
    if (found == customers_.end())
        return;
    const auto& people = *in_->people.page();
    const auto* inbox = people.find(what.conversation_state->inbox);
    const auto address = live::customer_address(*in_, root);
    const auto body =
        live::customer_event(what, *people.names, address, inbox && inbox->shows_read_marks);
    if (!body)
        return;
    // Positions are hidden under whom the socket was greeted as: for nearly all, this customer.
    std::map<crm::customer_id, std::shared_ptr<const std::string>> tails;
    for (auto* each : found->second) {
        if (!each->hears(*what.conversation_state))
            continue;
        auto& tail = tails[each->veiled_as()];
        if (!tail)
            tail = live::tail_of(veil_->hide(what.position, each->veiled_as()), *body);
        ++counts_.events_out;
        each->told(what.conversation_state);
        each->send_event(what.position, tail);
    }
}

void hub::after_delivery(const crm::log_entry& what)
{
    if (in_->doors.hear(what))
        check_sessions();
    // Here, where also passes what was never shown: else it would be remembered for ever.
    if (live::ends_offer(what.what))
        offers_.erase(static_cast<crm::request_id>(what.subject));
    if (what.what != crm::happening::customer_merged &&
        what.what != crm::happening::customer_unmerged)
        return;
    // Whom a visitor's token leads to has changed: the socket finds out by coming back.
    for (const auto id : {crm::raw(what.customer), what.subject})
        if (const auto found = customers_.find(id); found != customers_.end())
            for (auto* each : found->second)
                each->owner_changed(what.position);
}

void hub::keep(const std::shared_ptr<const crm::conversation>& state)
{
    if (young_.size() >= states_kept) {
        old_ = std::move(young_);
        young_ = {};
    }
    young_[crm::raw(state->id)] = state;
}

task<std::shared_ptr<const crm::conversation>> hub::conversation(crm::conversation_id which)
{
    for (const auto* kept : {&young_, &old_})
        if (const auto found = kept->find(crm::raw(which)); found != kept->end())
            co_return found->second;
    const auto job = [which](crm::db::connection& on) {
        return crm::conversations::find(on, which);
    };
    auto read = co_await in_->store.read(job);
    if (!read)
        throw crm::problem{crm::errc::not_found, "There is no such conversation."};
    // News that came while this was read is newer.
    if (const auto found = young_.find(crm::raw(which)); found != young_.end())
        co_return found->second;
    auto state = std::make_shared<const crm::conversation>(std::move(*read));
    keep(state);
    co_return state;
}

std::int64_t hub::before_birth_of(crm::customer_id who) const
{
    for (const auto* kept : {&young_births_, &old_births_})
        if (const auto found = kept->find(crm::raw(who)); found != kept->end())
            return found->second;
    return 0;
}

void hub::remember_offer(crm::request_id which, crm::agent_id whose)
{
    offers_.emplace(which, whose);
}

} // namespace gateway
