#include "gateway/process.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "crm/base/spawn.hpp"
#include "crm/search.hpp"
#include "crm/search_follower.hpp"
#include "crm/settings_table.hpp"
#include "crm/store/backend.hpp"
#include "crm/store/blobs.hpp"
#include "gateway/app.hpp"
#include "gateway/control/socket.hpp"
#include "gateway/demo/seed.hpp"
#include "gateway/demo/shop.hpp"
#include "gateway/directory.hpp"
#include "gateway/health.hpp"
#include "gateway/house.hpp"
#include "gateway/limits.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/passwords.hpp"
#include "gateway/pictures/painter.hpp"
#include "gateway/routing_parts.hpp"
#include "gateway/sign_in.hpp"
#include "gateway/upkeep.hpp"

#include <array>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <fstream>

namespace gateway {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

crm::store_settings store_settings_of(const settings& how)
{
    crm::store_settings made;
    made.url = store_url(how);
    made.readers = static_cast<int>(how.store.readers);
    made.batch_jobs = static_cast<int>(how.store.batch_jobs);
    made.queue_jobs = static_cast<int>(how.store.queue_jobs);
    made.linger = std::chrono::microseconds{how.store.linger_us};
    made.node = static_cast<int>(how.store.node);
    return made;
}

net::server_setup server_setup_of(const settings& how)
{
    const auto listen = read_listen(how.http.listen);
    net::server_setup made;
    made.host = listen.host;
    made.port = listen.port;
    made.tls = {how.http.tls_certificate, how.http.tls_key};
    made.limits.connections = static_cast<int>(how.limits.connections);
    made.limits.connections_per_address = static_cast<int>(how.limits.connections_per_address);
    made.limits.queue_bytes = static_cast<std::size_t>(how.limits.queue_bytes);
    made.trusted_proxies = how.http.trusted_proxies;
    return made;
}

void write_port_file(const std::string& path, unsigned short port)
{
    if (path.empty())
        return;
    // Written aside and renamed, so that whoever waits for it never reads half a number.
    const auto aside = path + ".new";
    std::ofstream{aside} << port << '\n';
    fs::rename(aside, path);
}

/// Everything that lives while the process serves, in the order in which it must be taken down.
class serving_process
{
public:
    explicit serving_process(const serve_options& how)
        : how_{how}, ids_{time_, static_cast<int>(how.config.store.node)},
          store_{crm::store::open(io_, time_, store_settings_of(how_.config))},
          files_{crm::blob_directory{fs::path{how_.config.data.directory} / "blobs"}},
          pictures_{io_},
          routing_{routing_parts::make(io_, time_, ids_, *store_, files_, how.config)},
          people_{*store_}, passwords_{io_}, doors_{how_.config}, hub_{io_}, rates_{how_.config},
          lag_{io_}, signals_{io_, SIGTERM, SIGINT, SIGHUP}
    {
        house_.is_demo = how_.is_demo;
    }

    int run()
    {
        listen_for_signals();
        crm::spawn(io_.get_executor(), "start", start());
        io_.run();
        store_->drain();
        // What the drained jobs had to tell.
        io_.restart();
        io_.poll();
        return status_;
    }

private:
    task<void> start()
    {
        try {
            co_await prepare();
        } catch (const crm::problem& why) {
            crm::logging::error("start.failed", {{"why", why.what()}});
            status_ = 1;
            io_.stop();
            co_return;
        }
        if (!how_.port_file.empty())
            write_port_file(how_.port_file + ".metrics", metrics_server_->port());
        write_port_file(how_.port_file, server_->port());
        const auto scheme = how_.config.http.tls_certificate.empty() ? "http://" : "https://";
        const auto host = read_listen(how_.config.http.listen).host;
        const serving up{
            server_->port(),
            metrics_server_->port(),
            scheme + host + ":" + std::to_string(server_->port())
        };
        origin_ = how_.config.http.public_url.empty() ? up.origin : how_.config.http.public_url;
        crm::logging::info("serving", {{"address", up.origin}, {"metrics_port", up.metrics_port}});
        if (how_.ready)
            how_.ready(up);
    }

    task<void> prepare()
    {
        const auto by = house_.acting({.by = crm::via::internal}, 8);
        const std::array fresh{crm::random_bytes(32), crm::random_bytes(32), crm::random_bytes(32)};
        const auto secrets = [by, fresh](crm::transaction& tx) {
            return installation_keys{
                crm::settings_table::secret(tx, by, "positions_key", fresh[0]),
                crm::settings_table::secret(tx, by, "attachments_key", fresh[1]),
                crm::settings_table::secret(tx, by, "visitors_key", fresh[2]),
            };
        };
        house_.keys = co_await store_->write(secrets);
        if (how_.is_demo)
            co_await seed_demo(house_, how_.config.data.directory);
        co_await people_.load();
        hub_.start(house_);
        routing_->start();
        search_ = std::make_unique<crm::search::follower>(io_, *store_);
        upkeep_ = std::make_unique<upkeep>(house_);
        if (how_.is_demo)
            shop_ = std::make_unique<demo_shop>(house_);
        app_ = std::make_unique<app>(
            house_, static_files{find_web(how_.config.http.web)}, shop_.get()
        );
        server_ = net::server::start(io_, server_setup_of(how_.config), *app_);
        const auto metrics = read_listen(how_.config.metrics.listen);
        metrics_app_ = std::make_unique<metrics_app>(house_);
        net::server_setup metrics_setup;
        metrics_setup.host = metrics.host;
        metrics_setup.port = metrics.port;
        metrics_server_ = net::server::start(io_, metrics_setup, *metrics_app_);
        control_ = control::control_socket::open(io_, how_.config.data.directory, [this] {
            return control::workplace{
                *store_,
                time_,
                ids_,
                doors_.limits(),
                origin_,
                store_url(how_.config),
                how_.config.data.directory
            };
        });
        gauges_ = {&lag_, server_.get(), app_.get(), search_.get(), time_.now()};
        house_.measured = &gauges_;
        lag_.start();
    }

    void listen_for_signals()
    {
        signals_.async_wait([this](boost::system::error_code failed, int number) {
            if (failed)
                return;
            if (number == SIGHUP) {
                reload();
            } else if (house_.draining) {
                finish(); // asked twice: at once
                return;
            } else {
                crm::spawn(io_.get_executor(), "drain", drain());
            }
            listen_for_signals();
        });
    }

    void reload()
    {
        try {
            if (server_)
                server_->reload_tls();
            crm::logging::info("reloaded");
        } catch (const crm::problem& why) {
            crm::logging::error("reload.failed", {{"why", why.what()}});
        }
    }

    /// Ready no more, accepts no more, sends sockets away, finishes what is under way, ends.
    task<void> drain()
    {
        crm::logging::info("draining");
        house_.draining = true;
        if (!server_) {
            finish();
            co_return;
        }
        // While sockets are being sent away, probes still hear that this server is not ready.
        server_->begin_draining();
        const auto spread = std::chrono::milliseconds{how_.config.limits.drain_spread_ms};
        hub_.drain(spread);
        const auto patience = std::chrono::milliseconds{how_.config.limits.drain_ms};
        const auto began = std::chrono::steady_clock::now();
        const auto until = began + patience;
        asio::steady_timer pause{io_};
        while (server_->counts().open > 0 && std::chrono::steady_clock::now() < until) {
            pause.expires_after(std::chrono::milliseconds{50});
            co_await pause.async_wait(asio::use_awaitable);
            const bool are_away = server_->counts().sockets_open == 0;
            if (are_away || std::chrono::steady_clock::now() - began > spread)
                server_->stop_accepting();
            if (are_away)
                server_->close_idle();
        }
        server_->stop_accepting();
        finish();
    }

    void finish()
    {
        control_.reset();
        if (server_)
            server_->close_all();
        if (metrics_server_) {
            metrics_server_->stop_accepting();
            metrics_server_->close_all();
        }
        hub_.stop();
        routing_->stop();
        gauges_.index = nullptr;
        search_.reset();
        upkeep_.reset();
        lag_.stop();
        // What is queued is still to be stored: one more signal must not cut that off.
        boost::system::error_code ignored;
        signals_.clear(ignored);
        for (const int number : {SIGTERM, SIGINT, SIGHUP})
            std::signal(number, SIG_IGN);
        crm::logging::info("stopped");
        io_.stop();
    }

    serve_options how_;
    crm::system_clock time_;
    asio::io_context io_{1};
    crm::id_source ids_;
    std::unique_ptr<crm::store> store_;
    crm::blobs files_;
    pictures::painter pictures_;
    std::unique_ptr<routing_parts> routing_;
    directory people_;
    password_hasher passwords_;
    sign_in doors_;
    hub hub_;
    rate_book rates_;
    loop_lag lag_;
    gauges gauges_;
    house house_{
        io_,
        time_,
        ids_,
        how_.config,
        *store_,
        routing_->board(),
        routing_->outlook(),
        files_,
        pictures_,
        people_,
        passwords_,
        doors_,
        hub_,
        rates_,
        {}
    };
    std::unique_ptr<crm::search::follower> search_;
    std::unique_ptr<upkeep> upkeep_;
    std::unique_ptr<demo_shop> shop_;
    std::unique_ptr<app> app_;
    std::unique_ptr<metrics_app> metrics_app_;
    std::unique_ptr<net::server> server_;
    std::unique_ptr<net::server> metrics_server_;
    std::unique_ptr<control::control_socket> control_;
    asio::signal_set signals_;
    std::string origin_;
    int status_ = 0;
};

} // namespace

std::string store_url(const settings& how)
{
    return how.store.url.empty() ? "sqlite:" + (fs::path{how.data.directory} / "parley.db").string()
                                 : how.store.url;
}

int serve(const serve_options& how)
{
    check_settings(how.config);
    crm::logging::set_level(crm::logging::level_from(how.config.log.level));
    std::error_code failed;
    fs::create_directories(how.config.data.directory, failed);
    if (failed)
        throw crm::problem{
            crm::errc::unavailable,
            "Cannot make the data directory " + how.config.data.directory + ": " +
                failed.message() + "."
        };
    fs::permissions(how.config.data.directory, fs::perms::owner_all, failed);
    serving_process process{how};
    return process.run();
}

} // namespace gateway
