#include "gateway/net/server.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "gateway/net/tls.hpp"
#include "gateway/net/transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway::net {

namespace asio = boost::asio;
using acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
/// Out of descriptors or memory: waiting lets others finish; spinning would not.
constexpr std::chrono::milliseconds accept_pause{50};

/// True for errors of one dead client, after which the next accept is in order.
bool concerns_one_client(const boost::system::error_code& failed)
{
    return failed == asio::error::connection_aborted || failed == asio::error::connection_reset ||
           failed == asio::error::network_down || failed == asio::error::host_unreachable;
}

task<void> accept_loop(std::shared_ptr<acceptor> from, std::shared_ptr<transport> of)
{
    asio::steady_timer pause{of->io};
    while (from->is_open()) {
        tcp_socket client{of->io.get_executor()};
        auto [failed] = co_await from->async_accept(client, no_throw);
        if (failed == asio::error::operation_aborted)
            co_return;
        if (failed) {
            ++of->counts.accept_errors;
            if (!concerns_one_client(failed)) {
                pause.expires_after(accept_pause);
                co_await pause.async_wait(no_throw);
            }
            continue;
        }
        ++of->counts.accepted;
        boost::system::error_code gone;
        const auto peer = client.remote_endpoint(gone);
        if (gone)
            continue;
        const auto& limits = of->setup.limits;
        const auto key = address_key(peer.address());
        const auto held = of->per_address.find(key);
        // A whole house comes through a proxy: its sockets are counted by whom they are for.
        const bool is_proxy = is_trusted(peer.address(), of->setup.trusted_proxies);
        const bool full = of->counts.open >= limits.connections ||
                          (!is_proxy && held != of->per_address.end() &&
                           held->second >= limits.connections_per_address);
        if (full) {
            ++of->counts.refused;
            continue; // closing at once costs the least
        }
        client.set_option(asio::ip::tcp::no_delay{true}, gone);
        auto slot = std::make_unique<connection_slot>(of, key, !is_proxy);
        auto serving = of->tls ? serve_tls(std::move(client), of, std::move(slot))
                               : serve_plain(std::move(client), of, std::move(slot));
        crm::spawn(of->io.get_executor(), "connection", std::move(serving));
    }
}

class listening_server final : public server
{
public:
    listening_server(asio::io_context& io, server_setup how, application& app)
        : of_{std::make_shared<transport>(io, std::move(how), app)},
          acceptor_{std::make_shared<acceptor>(io.get_executor())}
    {
        const auto& setup = of_->setup;
        if (!setup.tls.certificate.empty())
            of_->tls = make_tls_context(setup.tls);
        boost::system::error_code failed;
        const auto address =
            asio::ip::make_address(setup.host == "localhost" ? "127.0.0.1" : setup.host, failed);
        const asio::ip::tcp::endpoint where{address, setup.port};
        if (!failed)
            acceptor_->open(where.protocol(), failed);
        if (!failed)
            acceptor_->set_option(asio::socket_base::reuse_address{true}, failed);
        if (!failed)
            acceptor_->bind(where, failed);
        if (!failed)
            acceptor_->listen(4096, failed);
        if (failed)
            throw crm::problem{
                crm::errc::unavailable,
                "Cannot listen on " + setup.host + ":" + std::to_string(setup.port) + ": " +
                    failed.message() + ". Choose another address with --listen HOST:PORT."
            };
        of_->start_beating();
        crm::spawn(io.get_executor(), "accept", accept_loop(acceptor_, of_));
    }

    ~listening_server() override
    {
        stop_accepting();
        of_->beat_timer.cancel();
        close_all();
    }

    [[nodiscard]] unsigned short port() const override
    {
        return acceptor_->local_endpoint().port();
    }
    [[nodiscard]] const transport_counts& counts() const override { return of_->counts; }

    void reload_tls() override
    {
        if (of_->tls)
            of_->tls = make_tls_context(of_->setup.tls);
    }

    void begin_draining() override { of_->draining = true; }

    void stop_accepting() override
    {
        of_->draining = true;
        boost::system::error_code ignored;
        acceptor_->close(ignored);
    }

    void close_idle() override
    {
        const auto open = of_->slots;
        for (auto* each : open)
            if (of_->slots.contains(each) && each->is_idle && each->cut)
                each->cut();
    }

    void close_all() override
    {
        const auto open = of_->slots; // cutting may free places
        for (auto* each : open)
            if (of_->slots.contains(each) && each->cut)
                each->cut();
    }

private:
    std::shared_ptr<transport> of_;
    std::shared_ptr<acceptor> acceptor_;
};

} // namespace

std::unique_ptr<server> server::start(asio::io_context& io, server_setup how, application& app)
{
    return std::make_unique<listening_server>(io, std::move(how), app);
}

} // namespace gateway::net
