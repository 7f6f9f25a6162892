#include "gateway/health.hpp"

#include "crm/base/spawn.hpp"
#include "crm/search_follower.hpp"
#include "gateway/app.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/wire/json_text.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

namespace gateway {

namespace {

constexpr std::chrono::milliseconds sample_every{20};
constexpr std::chrono::seconds probe_patience{2};
constexpr std::int64_t shared_for_ms = 1'000;

/// Appends metrics with their help lines, each name once.
class metric_writer
{
public:
    void head(std::string_view name, std::string_view type, std::string_view help)
    {
        text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    void line(std::string_view name, std::string_view labels, double value)
    {
        text_ += labels.empty() ? fmt::format("{} {}\n", name, value)
                                : fmt::format("{}{{{}}} {}\n", name, labels, value);
    }
    void one(std::string_view name, std::string_view type, std::string_view help, double value)
    {
        head(name, type, help);
        line(name, {}, value);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

void transport_metrics(metric_writer& to, const net::transport_counts& of)
{
    const auto number = [](std::int64_t value) { return static_cast<double>(value); };
    to.one("parley_connections_open", "gauge", "Open connections of every kind", number(of.open));
    to.one("parley_sockets_open", "gauge", "Open WebSockets", number(of.sockets_open));
    to.one("parley_connections_total", "counter", "Connections accepted", number(of.accepted));
    to.one(
        "parley_connections_refused_total",
        "counter",
        "Connections over a limit",
        number(of.refused)
    );
    to.one("parley_accept_errors_total", "counter", "Failed accepts", number(of.accept_errors));
    to.one("parley_requests_total", "counter", "HTTP requests", number(of.requests));
    to.one(
        "parley_timeouts_total",
        "counter",
        "Reads and writes that took too long",
        number(of.timeouts)
    );
    to.one(
        "parley_frames_in_total", "counter", "WebSocket frames from clients", number(of.frames_in)
    );
    to.one(
        "parley_frames_out_total", "counter", "WebSocket frames to clients", number(of.frames_out)
    );
    to.one(
        "parley_live_dropped_total",
        "counter",
        "Ephemeral frames dropped from full queues",
        number(of.live_dropped)
    );
    to.one(
        "parley_too_slow_total",
        "counter",
        "Sockets closed because they were too slow",
        number(of.too_slow)
    );
}

void store_metrics(metric_writer& to, const crm::store_health& of, std::int64_t position)
{
    const auto number = [](std::int64_t value) { return static_cast<double>(value); };
    to.one("parley_store_writable", "gauge", "1 when the store takes writes", of.writable ? 1 : 0);
    to.one("parley_commits_total", "counter", "Commits", number(of.commits));
    to.one("parley_jobs_total", "counter", "Jobs committed", number(of.jobs));
    to.one("parley_jobs_queued", "gauge", "Jobs waiting for a commit", number(of.queued));
    to.one("parley_batches_rerun_total", "counter", "Batches that ran again", number(of.reruns));
    to.one(
        "parley_jobs_quarantined_total",
        "counter",
        "Jobs that failed three times on their own and were given up",
        number(of.quarantined)
    );
    to.one("parley_wal_bytes", "gauge", "Size of the write-ahead log", number(of.wal_bytes));
    to.one("parley_log_position", "gauge", "Last position of the log", number(position));
    to.head("parley_commit_seconds", "gauge", "Time of recent commits");
    to.line("parley_commit_seconds", "quantile=\"0.5\"", of.commit_p50_us / 1e6);
    to.line("parley_commit_seconds", "quantile=\"0.99\"", of.commit_p99_us / 1e6);
}

void queue_metrics(metric_writer& to, const std::vector<live::inbox_queue>& all)
{
    to.head("parley_waiting", "gauge", "Customers waiting for an agent");
    for (const auto& each : all)
        to.line(
            "parley_waiting",
            fmt::format("inbox=\"{}\"", crm::to_string(each.inbox)),
            static_cast<double>(each.waiting)
        );
    to.head("parley_longest_wait_seconds", "gauge", "Longest present wait");
    for (const auto& each : all)
        to.line(
            "parley_longest_wait_seconds",
            fmt::format("inbox=\"{}\"", crm::to_string(each.inbox)),
            static_cast<double>(each.longest_ms) / 1e3
        );
}

} // namespace

task<readiness> readiness_probe::ask()
{
    if (in_.draining)
        co_return readiness{false, "draining\n"};
    // Each question costs a commit, so whoever asks again within a second gets the same answer.
    const auto now = net::steady_ms();
    if (last_ && now - *asked_ms_ < shared_for_ms)
        co_return *last_;
    asked_ms_ = now;
    auto found = co_await look();
    last_ = found;
    co_return found;
}

task<readiness> readiness_probe::look()
{
    // The write cannot be called off, so a timer waits for it that it ends itself.
    struct waiting
    {
        explicit waiting(boost::asio::io_context& io) : timer{io, probe_patience} {}
        boost::asio::steady_timer timer;
        std::optional<std::string> outcome;
    };
    const auto shared = std::make_shared<waiting>(in_.io);
    auto write = [](house& at, std::shared_ptr<waiting> to) -> task<void> {
        const auto job = [](crm::transaction& tx) { crm::prove_writable(tx); };
        try {
            co_await at.store.write(job);
            to->outcome = std::string{};
        } catch (const std::exception& why) {
            to->outcome = why.what();
        }
        to->timer.cancel();
    };
    crm::spawn(in_.io.get_executor(), "readiness.probe", write(in_, shared));
    co_await shared->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (!shared->outcome)
        co_return readiness{false, "store: no answer within 2 s\n"};
    if (!shared->outcome->empty())
        co_return readiness{false, "store: " + *shared->outcome + "\n"};
    co_return readiness{true, "ready\n"};
}

void loop_lag::start()
{
    due_ = std::chrono::steady_clock::now() + sample_every;
    next();
}

void loop_lag::next()
{
    timer_.expires_at(due_);
    timer_.async_wait([this](boost::system::error_code failed) {
        if (failed)
            return;
        const auto now = std::chrono::steady_clock::now();
        const std::chrono::duration<float, std::micro> late = now - due_;
        samples_[count_++ % samples_.size()] = late.count();
        due_ = now + sample_every;
        next();
    });
}

double loop_lag::quantile_us(double share) const
{
    const auto held = std::min(count_, samples_.size());
    if (held == 0)
        return 0;
    std::vector<float> sorted(
        samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(held)
    );
    const auto at = std::min(held - 1, static_cast<std::size_t>(share * static_cast<double>(held)));
    std::nth_element(
        sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end()
    );
    return static_cast<double>(sorted[at]);
}

std::int64_t resident_bytes()
{
    std::ifstream in{"/proc/self/statm"};
    std::int64_t all = 0;
    std::int64_t resident = 0;
    in >> all >> resident;
    return resident * sysconf(_SC_PAGESIZE);
}

std::string status_text(const house& in)
{
    const auto health = in.store.health();
    wire::json_text text;
    text.open_object()
        .member("version", PARLEY_VERSION)
        .member("started", in.measured ? in.measured->started : crm::instant{})
        .member("now", in.time.now())
        .member("database", in.config.store.url.starts_with("mysql:") ? "mysql" : "sqlite")
        .key("store")
        .open_object()
        .member("writable", health.writable)
        .member("reason", health.reason)
        .member("last_commit", health.last_commit)
        .member("commits", health.commits)
        .member("jobs", health.jobs)
        .member("queued", health.queued)
        .member("wal_bytes", health.wal_bytes)
        .member("commit_p50_us", health.commit_p50_us)
        .member("commit_p99_us", health.commit_p99_us);
    text.key("position").digits(in.store.position());
    text.member("epoch", in.store.epoch()).close_object();
    text.key("sockets")
        .open_object()
        .member("agents", static_cast<std::int64_t>(in.news.agents_connected()))
        .member(
            "visitors",
            static_cast<std::int64_t>(in.news.customers_connected() - in.news.apps_connected())
        )
        .member("channels", static_cast<std::int64_t>(in.news.apps_connected()))
        .close_object()
        .member(
            "loop_lag_p99_us",
            in.measured && in.measured->lag ? in.measured->lag->quantile_us(0.99) : 0.0
        )
        .member("resident_bytes", resident_bytes())
        .close_object();
    return text.take();
}

std::string metrics_text(const house& in)
{
    metric_writer to;
    to.head("parley_build_info", "gauge", "Version");
    to.line("parley_build_info", "version=\"" PARLEY_VERSION "\"", 1);
    if (in.measured && in.measured->server)
        transport_metrics(to, in.measured->server->counts());
    if (in.measured && in.measured->lag) {
        to.head("parley_event_loop_lag_seconds", "gauge", "How late timers fire, last minute");
        for (const double share : {0.5, 0.99, 0.999})
            to.line(
                "parley_event_loop_lag_seconds",
                fmt::format("quantile=\"{}\"", share),
                in.measured->lag->quantile_us(share) / 1e6
            );
    }
    store_metrics(to, in.store.health(), in.store.position());
    const auto& hub = in.news.counts();
    to.one(
        "parley_agents_connected",
        "gauge",
        "Agents' sockets",
        static_cast<double>(in.news.agents_connected())
    );
    to.one(
        "parley_customers_connected",
        "gauge",
        "Customers' sockets",
        static_cast<double>(in.news.customers_connected())
    );
    to.one(
        "parley_events_out_total",
        "counter",
        "Events handed to sockets",
        static_cast<double>(hub.events_out)
    );
    to.head("parley_resume_total", "counter", "Greetings by how they resumed");
    to.line("parley_resume_total", "result=\"replay\"", static_cast<double>(hub.resumed));
    to.line("parley_resume_total", "result=\"snapshot\"", static_cast<double>(hub.snapshots));
    if (in.measured && in.measured->index)
        to.one(
            "parley_search_lag_seconds",
            "gauge",
            "How long the oldest word that search does not find yet has waited",
            static_cast<double>(in.measured->index->lag().count()) / 1e3
        );
    queue_metrics(to, in.outlook.queues());
    to.one(
        "parley_resident_bytes", "gauge", "Resident memory", static_cast<double>(resident_bytes())
    );
    if (in.measured && in.measured->pages) {
        to.head("parley_http_answers_total", "counter", "Answers by route and status");
        for (const auto& [key, count] : in.measured->pages->counts().answers)
            to.line(
                "parley_http_answers_total",
                fmt::format("route=\"{}\",code=\"{}\"", key.first, key.second),
                static_cast<double>(count)
            );
    }
    return to.take();
}

net::task<net::response> metrics_app::answer(net::request& what)
{
    net::response made;
    made.status = what.path == "/metrics" && what.method == "GET" ? 200 : 404;
    made.set("content-type", "text/plain; version=0.0.4; charset=utf-8");
    made.bytes = made.status == 200 ? metrics_text(in_) : std::string{"/metrics is here.\n"};
    co_return made;
}

std::variant<net::response, net::socket_opener> metrics_app::upgrade(const net::request&)
{
    net::response refused;
    refused.status = 404;
    return refused;
}

} // namespace gateway
