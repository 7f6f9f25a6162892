#include "gateway/routing_parts.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "crm/store/blobs.hpp"
#include "routing/dispatcher.hpp"
#include "routing/wheel.hpp"

namespace gateway {

namespace {

std::int64_t to_ms(std::chrono::microseconds of)
{
    return of.count() / 1000;
}

class parts final : public routing_parts, private live::outlook
{
public:
    parts(
        boost::asio::io_context& io,
        const crm::clock& time,
        crm::id_source& ids,
        crm::store& store,
        crm::blobs& files,
        const settings& config
    )
        : io_{io}, files_{files},
          line_{routing::dispatcher::make(io, store, time, ids, settings_of(config))},
          board_{routing::make_switchboard(
              store, time, ids, *line_, {.log_days = static_cast<int>(config.retention.log_days)}
          )},
          wheel_{routing::wheel::make(
              io,
              store,
              time,
              *board_,
              [this](std::vector<std::string> freed) {
                  crm::spawn(io_.get_executor(), "blobs.freed", remove(files_, std::move(freed)));
              }
          )}
    {
    }

    [[nodiscard]] routing::switchboard& board() override { return *board_; }
    [[nodiscard]] live::outlook& outlook() override { return *this; }
    void start() override
    {
        line_->start();
        wheel_->start();
    }
    void stop() override
    {
        wheel_->stop();
        line_->stop();
    }

private:
    /// What cannot be removed now goes with the orphans.
    static routing::task<void> remove(crm::blobs& from, std::vector<std::string> freed)
    {
        for (const auto& each : freed) {
            try {
                co_await from.remove(each);
            } catch (const crm::problem& why) {
                crm::logging::warning("blob.kept", {{"why", why.what()}});
            }
        }
    }

    static routing::dispatcher_settings settings_of(const settings& config)
    {
        routing::dispatcher_settings made;
        made.holder = config.store.node + 1; // 0 would be nobody
        made.rules.transfer_hold = config.routing.transfer_hold_seconds * routing::one_second;
        return made;
    }

    [[nodiscard]] std::optional<live::queue_place> place_of(crm::conversation_id which
    ) const override
    {
        const auto found = line_->place_of(which);
        if (!found)
            return std::nullopt;
        return live::queue_place{
            found->position, found->expected_wait ? *found->expected_wait / 1000 : std::int64_t{0}
        };
    }

    [[nodiscard]] std::vector<live::inbox_queue> queues() const override
    {
        std::vector<live::inbox_queue> made;
        for (const auto& each : line_->lines())
            made.push_back({each.inbox, each.waiting, to_ms(each.longest)});
        return made;
    }

    [[nodiscard]] wire::load load_of(crm::agent_id who) const override
    {
        const auto now = line_->load_of(who);
        return {now.used, now.units};
    }

    [[nodiscard]] bool anyone_for(crm::inbox_id which) const override
    {
        return line_->anyone_for(which);
    }
    void connected(crm::agent_id who, bool is_here) override { line_->connected(who, is_here); }

    boost::asio::io_context& io_;
    crm::blobs& files_;
    std::shared_ptr<routing::dispatcher> line_;
    std::unique_ptr<routing::switchboard> board_;
    std::shared_ptr<routing::wheel> wheel_;
};

} // namespace

std::unique_ptr<routing_parts> routing_parts::make(
    boost::asio::io_context& io,
    const crm::clock& time,
    crm::id_source& ids,
    crm::store& store,
    crm::blobs& files,
    const settings& config
)
{
    return std::make_unique<parts>(io, time, ids, store, files, config);
}

} // namespace gateway
