#include "gateway/upkeep.hpp"

#include "crm/attachment.hpp"
#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "crm/session.hpp"
#include "crm/store/blobs.hpp"
#include "crm/store/idempotency.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway {

namespace {

// All 256 shards are visited in about six hours.
constexpr std::chrono::seconds between_rounds{90};
constexpr std::chrono::microseconds failures_kept{std::chrono::hours{1}};
constexpr std::chrono::microseconds upload_life{std::chrono::hours{24}};

} // namespace

struct upkeep::state
{
    explicit state(house& to) : in{to}, timer{to.io} {}
    house& in;
    boost::asio::steady_timer timer;
    bool stopped = false;
    int shard = 0;

    task<void> forget_answers()
    {
        const auto job = [now = in.time.now()](crm::transaction& tx) {
            crm::sessions::forget_failures(tx, now - failures_kept, upkeep::forgotten_at_once);
            return crm::forget_answers(tx, now, upkeep::forgotten_at_once);
        };
        co_await in.store.write_background(job);
    }

    task<void> end_unsent_uploads()
    {
        const auto by = in.acting({.by = crm::via::internal}, 4);
        const auto job = [by](crm::transaction& tx) {
            auto now = by;
            std::vector<std::string> files;
            for (const auto& each :
                 crm::attachments::unsent(tx.db(), now.now - upload_life, upkeep::uploads_at_once))
                files.push_back(crm::attachments::erase(tx, now, each.id));
            return files;
        };
        const auto files = co_await in.store.write_background(job);
        for (const auto& each : files)
            if (!each.empty() && !stopped)
                co_await in.files.remove(each);
    }

    task<void> round()
    {
        co_await forget_answers();
        if (stopped)
            co_return;
        co_await end_unsent_uploads();
        if (stopped)
            co_return;
        const auto find = [](crm::db::connection& on, std::span<const std::string> names) {
            return crm::attachments::orphans(on, names);
        };
        co_await in.files.collect_orphans(in.store, find, in.time.now(), shard);
        shard = (shard + 1) % crm::blob_directory::shards;
    }
};

upkeep::upkeep(house& in) : state_{std::make_shared<state>(in)}
{
    auto run = [](std::shared_ptr<state> self) -> task<void> {
        while (!self->stopped) {
            try {
                co_await self->round();
            } catch (const crm::problem& why) {
                crm::logging::warning("upkeep.failed", {{"why", why.what()}});
            }
            if (self->stopped)
                co_return;
            self->timer.expires_after(between_rounds);
            co_await self->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
    };
    crm::spawn(in.io.get_executor(), "upkeep", run(state_));
}

upkeep::~upkeep()
{
    state_->stopped = true;
    state_->timer.cancel();
}

} // namespace gateway
