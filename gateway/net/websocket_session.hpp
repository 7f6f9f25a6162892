// One WebSocket over Beast: one reader, one writer, one bounded queue. Included only by the two
// translation units that instantiate it (websocket_plain.cpp, websocket_tls.cpp). Callbacks instead
// of a coroutine, and no timers of its own: an idle socket should cost little memory.
#pragma once

#include "gateway/net/transport.hpp"

#include "crm/base/log.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace gateway::net {

template <class Stream>
class websocket_session final : public socket,
                                public std::enable_shared_from_this<websocket_session<Stream>>
{
public:
    using handshake = boost::beast::http::request<boost::beast::http::string_body>;

    websocket_session(
        Stream stream, std::shared_ptr<transport> of, std::unique_ptr<connection_slot> slot
    )
        : ws_{std::move(stream)}, of_{std::move(of)}, slot_{std::move(slot)},
          heard_ms_{steady_ms()}, pinged_ms_{heard_ms_}
    {
        ++of_->counts.sockets_open;
    }

    ~websocket_session() override { --of_->counts.sockets_open; }

    void start(const handshake& head, const socket_opener& open)
    {
        namespace websocket = boost::beast::websocket;
        websocket::stream_base::timeout never{
            websocket::stream_base::none(), websocket::stream_base::none(), false
        };
        ws_.set_option(never);
        ws_.read_message_max(of_->setup.limits.frame_bytes);
        ws_.auto_fragment(false);
        ws_.text(true);
        slot_->cut = [this] { cut(); };
        of_->watch(this->shared_from_this());
        auto accepted = [self = this->shared_from_this(), open](boost::system::error_code failed) {
            self->accepted(failed, open);
        };
        ws_.async_accept(head, std::move(accepted));
    }

    void send(frame what) override
    {
        if (closing_ || finished_)
            return;
        const auto size = what.size();
        // A lone frame always goes: a welcome may be larger than what may pile up behind it.
        const auto has_room = [&] {
            return queued_ == 0 || queued_ + size <= of_->setup.limits.queue_bytes;
        };
        if (!has_room()) {
            if (what.live) {
                ++of_->counts.live_dropped;
                return;
            }
            drop_live();
            if (!has_room())
                return too_slow();
        }
        queued_ += size;
        queue_.push_back(std::move(what));
        if (!open_ || writing_ || flush_due_)
            return;
        flush_due_ = true;
        of_->flush_soon(this->shared_from_this());
    }

    void flush() override
    {
        flush_due_ = false;
        if (open_ && !writing_ && !finished_ && !queue_.empty())
            write();
    }

    void close(close_code code, std::string_view reason) override
    {
        if (closing_ || finished_)
            return;
        closing_ = true;
        closing_since_ms_ = steady_ms();
        reason_.code = static_cast<std::uint16_t>(code);
        reason_.reason.assign(reason.data(), std::min<std::size_t>(reason.size(), 123));
        if (!open_ || writing_)
            return;
        if (queue_.empty())
            finish_close();
        else
            write();
    }

    [[nodiscard]] std::size_t queued_bytes() const override { return queued_; }

    bool beat(std::int64_t now_ms) override
    {
        if (finished_)
            return false;
        const auto& limits = of_->setup.limits;
        const bool silent = now_ms - heard_ms_ > limits.silence_allowed.count();
        const bool hangs = closing_ && now_ms - closing_since_ms_ > limits.close_time.count();
        const bool no_handshake = !open_ && now_ms - heard_ms_ > limits.header_time.count();
        if (silent || hangs || no_handshake) {
            cut();
            return true;
        }
        if (open_ && !closing_ && !pinging_ && now_ms - pinged_ms_ >= limits.ping_every.count()) {
            pinged_ms_ = now_ms;
            pinging_ = true;
            ws_.async_ping({}, [self = this->shared_from_this()](boost::system::error_code) {
                self->pinging_ = false;
            });
        }
        return true;
    }

private:
    void accepted(boost::system::error_code failed, const socket_opener& open)
    {
        if (failed || finished_)
            return finish();
        open_ = true;
        heard_ms_ = steady_ms();
        ws_.control_callback([this](
                                 boost::beast::websocket::frame_type, boost::beast::string_view
                             ) { heard_ms_ = steady_ms(); });
        user_ = open(this->shared_from_this());
        read();
        if (closing_ && !writing_)
            finish_close();
        else if (!queue_.empty() && !writing_)
            write();
    }

    void read()
    {
        ws_.async_read(
            buffer_,
            [self = this->shared_from_this()](boost::system::error_code failed, std::size_t size) {
                self->was_read(failed, size);
            }
        );
    }

    void was_read(boost::system::error_code failed, std::size_t size)
    {
        if (failed)
            return finish();
        heard_ms_ = steady_ms();
        ++of_->counts.frames_in;
        if (!ws_.got_text()) {
            close(close_code::unsupported_data, "send text frames");
        } else if (!closing_ && user_) {
            const auto bytes = buffer_.cdata();
            user_->received({static_cast<const char*>(bytes.data()), size});
        }
        buffer_.consume(size);
        if (buffer_.capacity() > 1024)
            buffer_.shrink_to_fit();
        if (!finished_)
            read();
    }

    /// Everything queued goes out as one frame; several objects become an array.
    void write()
    {
        out_.clear();
        out_.reserve(queued_ + queue_.size() + 2);
        const bool many = queue_.size() > 1;
        if (many)
            out_ += '[';
        for (const auto& each : queue_) {
            if (&each != &queue_.front())
                out_ += ',';
            out_ += each.head;
            if (each.tail)
                out_ += *each.tail;
        }
        if (many)
            out_ += ']';
        queue_.clear();
        queued_ = out_.size();
        writing_ = true;
        ++of_->counts.frames_out;
        ws_.async_write(
            boost::asio::buffer(out_),
            [self = this->shared_from_this()](boost::system::error_code failed, std::size_t) {
                self->written(failed);
            }
        );
    }

    void written(boost::system::error_code failed)
    {
        writing_ = false;
        queued_ -= std::min(queued_, out_.size());
        if (out_.capacity() > 4096)
            std::string{}.swap(out_);
        if (failed)
            return finish();
        if (!queue_.empty())
            return write();
        if (closing_)
            finish_close();
    }

    void drop_live()
    {
        std::erase_if(queue_, [this](const frame& each) {
            if (each.live) {
                queued_ -= each.size();
                ++of_->counts.live_dropped;
            }
            return each.live;
        });
    }

    void too_slow()
    {
        ++of_->counts.too_slow;
        queue_.clear();
        close(close_code::too_slow, "too slow: resume");
    }

    void finish_close()
    {
        if (finished_ || close_sent_)
            return;
        close_sent_ = true;
        ws_.async_close(reason_, [self = this->shared_from_this()](boost::system::error_code) {
            self->finish();
        });
    }

    void cut()
    {
        auto& lowest = boost::beast::get_lowest_layer(ws_);
        if constexpr (requires { lowest.socket(); }) {
            lowest.close();
        } else {
            boost::system::error_code ignored;
            lowest.close(ignored);
        }
    }

    void finish()
    {
        if (finished_)
            return;
        finished_ = true;
        queue_.clear();
        if (user_) {
            // The user may hold the last word on things that point back at this socket.
            auto user = std::move(user_);
            user->closed();
        }
        cut();
    }

    boost::beast::websocket::stream<Stream, false> ws_;
    std::shared_ptr<transport> of_;
    std::unique_ptr<connection_slot> slot_;
    std::unique_ptr<socket_user> user_;
    boost::beast::flat_buffer buffer_;
    std::vector<frame> queue_;
    std::string out_;
    std::size_t queued_ = 0; // bytes in queue_ and in out_ while it is being written
    std::int64_t heard_ms_;
    std::int64_t pinged_ms_;
    std::int64_t closing_since_ms_ = 0;
    boost::beast::websocket::close_reason reason_;
    bool open_ = false;
    bool writing_ = false;
    bool flush_due_ = false;
    bool pinging_ = false;
    bool closing_ = false;
    bool close_sent_ = false;
    bool finished_ = false;
};

} // namespace gateway::net
