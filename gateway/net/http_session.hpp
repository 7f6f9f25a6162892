// One HTTP/1.1 connection over Beast's parser: one request at a time, in order. Included only by
// the two translation units that instantiate it (http_plain.cpp, http_tls.cpp). The parser itself
// is passed to the reads, so that its limits apply.
#pragma once

#include "gateway/net/streams.hpp"

#include "crm/base/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <optional>

namespace gateway::net {

/// Smaller bodies are read before anybody asks who sends them.
inline constexpr std::size_t small_body = 64 * 1024;
/// How much of a body that is fetched while it is sent is in memory at once.
inline constexpr std::int64_t piece_size = 64 * 1024;

inline constexpr auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);

/// Counts the bytes of a body against all bodies in flight.
class body_share
{
public:
    body_share(transport& of, std::size_t bytes) : of_{of}, bytes_{bytes}
    {
        of_.body_bytes += bytes_;
    }
    ~body_share() { of_.body_bytes -= bytes_; }
    body_share(const body_share&) = delete;
    body_share& operator=(const body_share&) = delete;

private:
    transport& of_;
    std::size_t bytes_;
};

/// How a connection goes on after one request.
enum class next_step
{
    another_request,
    end,
    websocket
};

template <class Stream>
class http_session
{
    using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

public:
    http_session(Stream& on, transport& of, connection_slot& slot, bool tls)
        : stream_{on}, of_{of}, slot_{slot}, tls_{tls}
    {
    }

    /// Serves until the connection ends or becomes a WebSocket.
    task<next_step> run()
    {
        auto step = next_step::another_request;
        auto wait = of_.setup.limits.header_time;
        while (step == next_step::another_request) {
            lowest().expires_after(wait);
            step = co_await one_request();
            wait = of_.setup.limits.idle_time;
        }
        co_return step;
    }

    [[nodiscard]] const beast_request& handshake() const { return parser_->get(); }
    [[nodiscard]] const socket_opener& opener() const { return opener_; }

private:
    auto& lowest() { return boost::beast::get_lowest_layer(stream_); }

    task<next_step> one_request()
    {
        namespace http = boost::beast::http;
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(of_.setup.limits.header_bytes));
        parser_->body_limit(boost::none);
        auto [failed, size] =
            co_await http::async_read_header(stream_, buffer_, *parser_, no_throw);
        if (failed)
            co_return co_await refuse_unread(failed);
        ++of_.counts.requests;
        request what;
        if (!read_head(what))
            co_return co_await write_last(plain(400, "The request is malformed."));
        if (boost::beast::websocket::is_upgrade(parser_->get()))
            co_return co_await upgrade(what);
        const auto step = co_await read_body(what);
        if (step != next_step::another_request)
            co_return step;
        auto answer = co_await of_.app.answer(what);
        const bool keep = parser_->get().keep_alive() && !answer.close && !of_.draining;
        co_return co_await write(answer, keep, what.method == "HEAD");
    }

    bool read_head(request& into)
    {
        const auto& head = parser_->get();
        into.method = std::string{head.method_string()};
        for (const auto& field : head) {
            const std::string_view name{field.name_string()};
            std::string lower{name};
            for (char& each : lower)
                each = static_cast<char>(each >= 'A' && each <= 'Z' ? each + 32 : each);
            into.headers.push_back({std::move(lower), std::string{field.value()}});
        }
        boost::system::error_code failed;
        const auto from = lowest().socket().remote_endpoint(failed);
        return !failed &&
               read_target({head.target().data(), head.target().size()}, into.path, into.query) &&
               read_origin(into, from.address(), tls_, of_);
    }

    task<next_step> upgrade(const request& what)
    {
        if (buffer_.size() != 0)
            co_return co_await write_last(plain(400, "Wait for the answer before sending frames."));
        boost::system::error_code unreadable;
        const auto client = boost::asio::ip::make_address(what.peer, unreadable);
        if (unreadable || !slot_.count_as(client))
            co_return co_await write_last(plain(503, "This address has too many connections."));
        auto decided = of_.app.upgrade(what);
        if (auto* refused = std::get_if<response>(&decided))
            co_return co_await write_last(std::move(*refused));
        opener_ = std::get<socket_opener>(std::move(decided));
        co_return next_step::websocket;
    }

    task<next_step> read_body(request& what)
    {
        namespace http = boost::beast::http;
        const auto& limits = of_.setup.limits;
        const auto allowed = of_.app.body_limit(what);
        const auto announced = parser_->content_length();
        if (announced && *announced > allowed)
            co_return co_await write_last(plain(413, "The body is too large."));
        const std::size_t share = announced            ? static_cast<std::size_t>(*announced)
                                  : parser_->chunked() ? allowed
                                                       : 0;
        if (of_.body_bytes + share > limits.body_bytes_in_flight)
            co_return co_await write_last(plain(503, "Too many uploads at once; try again soon."));
        if (share > small_body) {
            auto refused = co_await of_.app.admit(what);
            if (refused)
                co_return co_await write_last(std::move(*refused));
        }
        const body_share held{of_, share};
        if (share > 0) {
            if (what.header("expect") == "100-continue") {
                static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
                lowest().expires_after(limits.write_time);
                auto [unsent, sent] = co_await boost::asio::async_write(
                    stream_, boost::asio::buffer(go_on.data(), go_on.size()), no_throw
                );
                if (unsent)
                    co_return next_step::end;
            }
            parser_->body_limit(allowed);
            lowest().expires_after(limits.body_time);
            auto [failed, size] = co_await http::async_read(stream_, buffer_, *parser_, no_throw);
            if (failed)
                co_return co_await refuse_unread(failed);
            what.body = std::move(parser_->get().body());
        }
        lowest().expires_never();
        co_return next_step::another_request;
    }

    /// Says why a request could not be read, where the other side may still listen.
    task<next_step> refuse_unread(boost::system::error_code why)
    {
        namespace http = boost::beast::http;
        if (why == boost::beast::error::timeout)
            ++of_.counts.timeouts;
        if (why == http::error::header_limit)
            co_return co_await write_last(plain(431, "The header is too large."));
        if (why == http::error::body_limit)
            co_return co_await write_last(plain(413, "The body is too large."));
        const bool gone = why == http::error::end_of_stream ||
                          why == http::error::partial_message ||
                          why == boost::beast::error::timeout ||
                          why.category() != make_error_code(http::error::bad_method).category();
        if (gone)
            co_return next_step::end;
        co_return co_await write_last(plain(400, "The request is malformed."));
    }

    static response plain(unsigned status, std::string text)
    {
        response made;
        made.status = status;
        made.bytes = std::move(text);
        made.set("content-type", "text/plain; charset=utf-8");
        return made;
    }

    task<next_step> write_last(response what) { co_return co_await write(what, false, false); }

    task<next_step> write(const response& what, bool keep, bool head_only)
    {
        const bool fetched = what.source && !head_only;
        const std::size_t share = fetched ? static_cast<std::size_t>(piece_size) : 0;
        if (of_.body_bytes + share > of_.setup.limits.body_bytes_in_flight)
            co_return co_await write_last(plain(503, "Too many downloads at once; try again soon.")
            );
        const body_share held{of_, share};
        const auto head = head_text(what, keep);
        const bool sent = co_await send(head, head_only ? std::string_view{} : what.body());
        if (!sent)
            co_return next_step::end;
        const bool whole = !fetched || co_await send_pieces(*what.source);
        co_return keep&& whole ? next_step::another_request : next_step::end;
    }

    task<bool> send_pieces(const body_source& from)
    {
        for (std::int64_t at = 0; at < from.size;) {
            auto piece = co_await from.read(at, std::min(piece_size, from.size - at));
            const bool sent = !piece.empty() && co_await send(piece, {});
            if (!sent)
                co_return false;
            at += static_cast<std::int64_t>(piece.size());
        }
        co_return true;
    }

    task<bool> send(std::string_view one, std::string_view other)
    {
        const std::array<boost::asio::const_buffer, 2> both{
            boost::asio::buffer(one.data(), one.size()),
            boost::asio::buffer(other.data(), other.size())
        };
        lowest().expires_after(of_.setup.limits.write_time);
        auto [failed, size] = co_await boost::asio::async_write(stream_, both, no_throw);
        if (failed == boost::beast::error::timeout)
            ++of_.counts.timeouts;
        co_return !failed;
    }

    Stream& stream_;
    transport& of_;
    connection_slot& slot_;
    bool tls_;
    boost::beast::flat_buffer buffer_;
    std::optional<parser> parser_;
    socket_opener opener_;
};

} // namespace gateway::net
