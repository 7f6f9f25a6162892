#include "gateway/net/transport.hpp"

#include "crm/base/text.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <chrono>
#include <utility>

namespace gateway::net {

namespace asio = boost::asio;

namespace {

/// All sockets are visited once in this time, a slice every `beat_step`.
constexpr std::chrono::milliseconds beat_round{5'000};
constexpr std::chrono::milliseconds beat_step{100};

bool in_network(const asio::ip::address& who, const std::string& network)
{
    boost::system::error_code failed;
    if (network.find('/') == std::string::npos)
        return asio::ip::make_address(network, failed) == who && !failed;
    if (who.is_v4()) {
        const auto range = asio::ip::make_network_v4(network, failed);
        return !failed && range.canonical() ==
                              asio::ip::network_v4{who.to_v4(), range.prefix_length()}.canonical();
    }
    const auto range = asio::ip::make_network_v6(network, failed);
    return !failed && range.canonical() ==
                          asio::ip::network_v6{who.to_v6(), range.prefix_length()}.canonical();
}

/// The client behind trusted proxies: the last address of X-Forwarded-For that is none of them.
std::string
forwarded_peer(std::string_view chain, const asio::ip::address& from, const transport& of)
{
    auto believed = from;
    while (!chain.empty()) {
        const auto comma = chain.rfind(',');
        const auto text =
            crm::trim(comma == std::string_view::npos ? chain : chain.substr(comma + 1));
        chain = comma == std::string_view::npos ? std::string_view{} : chain.substr(0, comma);
        boost::system::error_code failed;
        const auto named = asio::ip::make_address(std::string{text}, failed);
        if (failed)
            break;
        believed = named;
        if (!is_trusted(named, of.setup.trusted_proxies))
            break;
    }
    return believed.to_string();
}

bool is_host_text(std::string_view text)
{
    return !text.empty() && text.size() <= 255 &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]"
           ) == std::string_view::npos;
}

std::string_view without_port(std::string_view host)
{
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon))
        return host;
    return host.substr(0, colon);
}

} // namespace

bool is_trusted(const asio::ip::address& who, const std::vector<std::string>& proxies)
{
    return std::any_of(proxies.begin(), proxies.end(), [&](const std::string& each) {
        return in_network(who, each);
    });
}

std::int64_t steady_ms()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string address_key(const asio::ip::address& of)
{
    if (of.is_v4())
        return of.to_string();
    auto bytes = of.to_v6().to_bytes();
    if (of.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, of.to_v6()).to_string();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return asio::ip::address_v6{bytes}.to_string();
}

std::string rate_key(std::string_view peer)
{
    boost::system::error_code failed;
    const auto read = asio::ip::make_address(std::string{peer}, failed);
    return failed ? std::string{peer} : address_key(read);
}

bool read_origin(request& into, const asio::ip::address& from, bool tls, const transport& of)
{
    int hosts = 0;
    for (const auto& each : into.headers)
        hosts += each.name == "host";
    const auto host = into.header("host");
    if (hosts != 1 || !is_host_text(host))
        return false;
    into.secure = tls;
    into.peer = from.to_string();
    if (is_trusted(from, of.setup.trusted_proxies)) {
        if (const auto chain = into.header("x-forwarded-for"); !chain.empty())
            into.peer = forwarded_peer(chain, from, of);
        if (const auto scheme = into.header("x-forwarded-proto"); !scheme.empty())
            into.secure = scheme == "https";
    }
    const auto lower = crm::ascii_lower(host);
    into.host = without_port(lower);
    into.origin = (into.secure ? "https://" : "http://") + lower;
    return true;
}

std::string head_text(const response& what, bool keep_alive, bool with_length)
{
    std::string text;
    text.reserve(512);
    text += "HTTP/1.1 ";
    text += std::to_string(what.status);
    text += ' ';
    text += reason_phrase(what.status);
    text += "\r\n";
    for (const auto& each : what.headers) {
        text += each.name;
        text += ": ";
        text += each.value;
        text += "\r\n";
    }
    if (with_length && what.status != 204 && what.status != 304)
        text += "content-length: " + std::to_string(what.length()) + "\r\n";
    text += keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n";
    return text;
}

connection_slot::connection_slot(
    std::shared_ptr<transport> of, std::string address, bool counted_by_address
)
    : of_{std::move(of)}, address_{std::move(address)}, by_address_{counted_by_address}
{
    ++of_->counts.open;
    if (by_address_)
        ++of_->per_address[address_];
    of_->slots.insert(this);
}

bool connection_slot::count_as(const asio::ip::address& client)
{
    if (by_address_)
        return true; // its own address was counted when it came
    auto& held = of_->per_address[address_key(client)];
    if (held >= of_->setup.limits.connections_per_address) {
        ++of_->counts.refused;
        return false;
    }
    ++held;
    address_ = address_key(client);
    by_address_ = true;
    return true;
}

connection_slot::~connection_slot()
{
    --of_->counts.open;
    of_->slots.erase(this);
    if (!by_address_)
        return;
    const auto found = of_->per_address.find(address_);
    if (found != of_->per_address.end() && --found->second == 0)
        of_->per_address.erase(found);
}

void transport::watch(const std::shared_ptr<socket>& one)
{
    watched.push_back(one);
}

void transport::flush_soon(std::shared_ptr<socket> one)
{
    unflushed.push_back(std::move(one));
    if (unflushed.size() > 1)
        return; // is on its way
    asio::post(io, [self = shared_from_this()] {
        const auto all = std::exchange(self->unflushed, {});
        for (const auto& each : all)
            each->flush();
    });
}

void transport::start_beating()
{
    beat_timer.expires_after(beat_step);
    beat_timer.async_wait([self = shared_from_this()](boost::system::error_code failed) {
        if (failed)
            return;
        const auto now = steady_ms();
        auto& all = self->watched;
        auto turns = all.size() * static_cast<std::size_t>(beat_step.count()) /
                         static_cast<std::size_t>(beat_round.count()) +
                     1;
        for (; turns > 0 && !all.empty(); --turns) {
            if (self->next_beat >= all.size())
                self->next_beat = 0;
            const auto one = all[self->next_beat].lock();
            if (one && one->beat(now)) {
                ++self->next_beat;
            } else {
                all[self->next_beat] = std::move(all.back());
                all.pop_back();
            }
        }
        self->start_beating();
    });
}

} // namespace gateway::net
