#include "routing/switchboard.hpp"

#include "crm/base/problem.hpp"
#include "crm/channel_account.hpp"
#include "crm/staff.hpp"
#include "crm/tag.hpp"
#include "crm/value_cuts.hpp"
#include "routing/dispatcher.hpp"
#include "routing/timed.hpp"
#include "routing/verbs.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace routing {
namespace {

/// Enough for the richest verb: customer, identities, conversation, entries, events, request.
constexpr int ids_for_a_verb = 32;
/// A link of a chain may touch some twenty customers or conversations.
constexpr int ids_for_a_link = 64;

/// A customer's message as a store job, which tells the others of its batch what it will look up.
struct receiving
{
    crm::context by;
    incoming what;
    terms measure;

    received operator()(crm::transaction& tx) const
    {
        crm::context now = by;
        return verbs::receive(tx, now, what, measure);
    }
    void announce(crm::transaction& tx) const { verbs::announce(tx, what); }
};

class house_switchboard final : public switchboard
{
public:
    house_switchboard(
        crm::store& store,
        const crm::clock& time,
        crm::id_source& ids,
        const dispatcher& line,
        const upkeep_rules& keep
    )
        : store_{store}, time_{time}, ids_{ids}, line_{line}, keep_{keep},
          listening_{store.on_news([this](std::span<const crm::log_entry> news) { hear(news); })}
    {
    }

    task<received> receive(incoming what) override
    {
        if (crm::raw(what.account) == 0)
            what.account = co_await usual_account(what.inbox, what.channel);
        auto by = acting(what.who);
        received done =
            co_await store_.write(receiving{std::move(by), std::move(what), line_.present_terms()});
        done.position = store_.position();
        co_return done;
    }

    task<received> reply(outgoing what) override
    {
        const auto job =
            [by = acting(what.who), what, measure = line_.present_terms()](crm::transaction& tx) {
                auto now = by;
                return verbs::reply(tx, now, what, measure);
            };
        received done = co_await store_.write(job);
        done.position = store_.position();
        co_return done;
    }

    task<received> note(outgoing what) override
    {
        const auto job = [by = acting(what.who), what](crm::transaction& tx) {
            auto now = by;
            return verbs::note(tx, now, what);
        };
        received done = co_await store_.write(job);
        done.position = store_.position();
        co_return done;
    }

    task<void>
    assign(crm::actor who, crm::conversation_id where, std::optional<crm::agent_id> to) override
    {
        const auto whom = to.value_or(crm::agent_id{});
        return run(
            std::move(who),
            [where, whom, measure = line_.present_terms()](crm::transaction& tx, crm::context& by) {
                verbs::assign(tx, by, where, whom, measure);
            }
        );
    }

    task<void> transfer(crm::actor who, crm::conversation_id where, handing_on what) override
    {
        return run(
            std::move(who),
            [where, what = std::move(what), measure = line_.present_terms()](
                crm::transaction& tx, crm::context& by
            ) { verbs::transfer(tx, by, where, what, measure); }
        );
    }

    task<void> set_status(
        crm::actor who,
        crm::conversation_id where,
        crm::conversation_status status,
        std::optional<crm::instant> until
    ) override
    {
        return run(
            std::move(who),
            [where, status, until, measure = line_.present_terms()](
                crm::transaction& tx, crm::context& by
            ) { verbs::set_status(tx, by, where, status, until, measure); }
        );
    }

    task<void>
    call_back(crm::actor who, crm::conversation_id where, crm::instant not_before) override
    {
        return run(
            std::move(who),
            [where, not_before, measure = line_.present_terms()](
                crm::transaction& tx, crm::context& by
            ) { verbs::call_back(tx, by, where, not_before, measure); }
        );
    }

    task<void>
    set_priority(crm::actor who, crm::conversation_id where, crm::priority level) override
    {
        return run(std::move(who), [where, level](crm::transaction& tx, crm::context& by) {
            crm::conversations::set_priority(tx, by, where, level);
        });
    }

    task<void> set_stage(
        crm::actor who,
        crm::conversation_id where,
        std::optional<crm::stage> stage,
        std::string reason
    ) override
    {
        return run(
            std::move(who),
            [where, stage, reason = std::move(reason)](crm::transaction& tx, crm::context& by) {
                crm::conversations::set_stage(tx, by, where, stage, reason);
            }
        );
    }

    task<void> tag(crm::actor who, crm::conversation_id where, crm::tag_id what, bool on) override
    {
        return run(std::move(who), [where, what, on](crm::transaction& tx, crm::context& by) {
            if (on)
                crm::conversations::add_tag(tx, by, where, what);
            else
                crm::conversations::remove_tag(tx, by, where, what);
        });
    }

    task<void> read_by_agent(crm::actor who, crm::conversation_id where, std::int64_t seq) override
    {
        return run(std::move(who), [where, seq](crm::transaction& tx, crm::context& by) {
            crm::conversations::read_by_agent(tx, by, where, seq);
        });
    }

    task<void>
    read_by_customer(crm::actor who, crm::conversation_id where, std::int64_t public_seq) override
    {
        return run(std::move(who), [where, public_seq](crm::transaction& tx, crm::context& by) {
            crm::conversations::read_by_customer(tx, by, where, public_seq);
        });
    }

    task<void> accept(crm::actor who, crm::request_id which) override
    {
        return run(std::move(who), [which](crm::transaction& tx, crm::context& by) {
            verbs::accept(tx, by, which);
        });
    }

    task<void> decline(crm::actor who, crm::request_id which, std::string reason) override
    {
        return run(
            std::move(who),
            [which, reason = std::move(reason)](crm::transaction& tx, crm::context& by) {
                verbs::decline(tx, by, which, reason);
            }
        );
    }

    task<void> set_presence(crm::actor who, crm::agent_id of, crm::presence state) override
    {
        return run(std::move(who), [of, state](crm::transaction& tx, crm::context& by) {
            crm::staff::set_presence(tx, by, of, state);
        });
    }

    [[nodiscard]] std::shared_ptr<const terms> present_terms() const override
    {
        return std::make_shared<const terms>(line_.present_terms());
    }

    task<std::vector<std::string>> fire(crm::timer which) override
    {
        std::optional<crm::breakpoints> cuts;
        if (which.kind == crm::timer_kind::nightly_value && which.number == 0)
            cuts = co_await tonights_cuts();
        crm::context by{.who = {}, .now = time_.now(), .ids = ids_.reserve(ids_for_a_link)};
        const auto job =
            [by, which, measure = line_.present_terms(), keep = keep_, cuts](crm::transaction& tx) {
                auto now = by;
                return verbs::fire(tx, now, which, measure, keep, cuts);
            };
        if (verbs::is_background(which.kind))
            co_return co_await store_.write_background(job);
        co_return co_await store_.write(job);
    }

    task<void> lay_out_nights() override
    {
        return run({}, [](crm::transaction& tx, crm::context& by) {
            verbs::lay_out_nights(tx, by);
        });
    }

private:
    using place = std::pair<crm::inbox_id, std::string>;

    crm::context acting(crm::actor who) const
    {
        return {.who = std::move(who), .now = time_.now(), .ids = ids_.reserve(ids_for_a_verb)};
    }

    template <class Verb>
    task<void> run(crm::actor who, Verb verb)
    {
        const auto job = [by = acting(std::move(who)),
                          verb = std::move(verb)](crm::transaction& tx) {
            auto now = by;
            verb(tx, now);
        };
        co_await store_.write(job);
    }

    /// Where the tiers are cut from tonight on. Many short reads and not a part of the job: the
    /// writer must not wait for a walk over all customers.
    task<std::optional<crm::breakpoints>> tonights_cuts()
    {
        constexpr int at_once = 10'000;
        std::vector<std::int64_t> all;
        for (crm::value::gathered next; !next.is_last;) {
            const auto some = [after = next.last](crm::db::connection& on) {
                return crm::value::gather(on, after, at_once);
            };
            next = co_await store_.read(some, crm::read_length::extended);
            all.insert(all.end(), next.values.begin(), next.values.end());
        }
        const auto values = std::make_shared<const std::vector<std::int64_t>>(std::move(all));
        const auto cut = [values](crm::db::connection& on) {
            return crm::value::cuts_from(on, *values);
        };
        co_return co_await store_.read(cut, crm::read_length::extended);
    }

    /// The inbox's account of a channel; kept, because every message asks.
    task<crm::channel_account_id> usual_account(crm::inbox_id inbox, std::string channel)
    {
        const place wanted{inbox, channel};
        if (const auto known = accounts_.find(wanted); known != accounts_.end())
            co_return known->second;
        const auto kind = crm::from_word<crm::channel>(channel, "channel");
        const auto job = [inbox, kind](crm::db::connection& on) {
            for (const crm::channel_account& one : crm::channel_accounts::all(on))
                if (one.inbox == inbox && one.channel == kind)
                    return one.id;
            return crm::channel_account_id{};
        };
        const crm::channel_account_id found = co_await store_.read(job);
        accounts_[wanted] = found;
        co_return found;
    }

    void hear(std::span<const crm::log_entry> news)
    {
        const bool changed = std::ranges::any_of(news, [](const crm::log_entry& one) {
            return one.what == crm::happening::inbox_changed ||
                   one.what == crm::happening::inbox_created;
        });
        if (changed)
            accounts_.clear();
    }

    crm::store& store_;
    const crm::clock& time_;
    crm::id_source& ids_;
    const dispatcher& line_;
    const upkeep_rules keep_;
    std::map<place, crm::channel_account_id> accounts_;
    std::shared_ptr<void> listening_;
};

} // namespace

std::unique_ptr<switchboard> make_switchboard(
    crm::store& store,
    const crm::clock& time,
    crm::id_source& ids,
    const dispatcher& line,
    const upkeep_rules& keep
)
{
    return std::make_unique<house_switchboard>(store, time, ids, line, keep);
}

std::unique_ptr<switchboard> make_switchboard(
    crm::store& store, const crm::clock& time, crm::id_source& ids, const dispatcher& line
)
{
    return make_switchboard(store, time, ids, line, {});
}

} // namespace routing
