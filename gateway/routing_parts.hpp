// Routing as the gateway sees it: the switchboard's verbs, and the outlook made from the
// dispatcher. Io thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/store/store.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/settings.hpp"
#include "routing/switchboard.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>

namespace crm {
class blobs;
} // namespace crm

namespace gateway {

class routing_parts
{
public:
    static std::unique_ptr<routing_parts> make(
        boost::asio::io_context& io,
        const crm::clock& time,
        crm::id_source& ids,
        crm::store& store,
        crm::blobs& files,
        const settings& config
    );
    virtual ~routing_parts() = default;

    [[nodiscard]] virtual routing::switchboard& board() = 0;
    [[nodiscard]] virtual live::outlook& outlook() = 0;
    /// Loads what is waiting and begins to dispatch.
    virtual void start() = 0;
    virtual void stop() = 0;
};

} // namespace gateway
