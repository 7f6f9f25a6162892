#include "tests/support/load_member.hpp"

namespace load {

namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::milliseconds;

seen_entry entry_of(const json::object& shape, bool as_visitor)
{
    seen_entry made;
    made.id = text_of(shape, "id");
    made.conversation = text_of(shape, "conversation");
    made.seq = number_of(shape, "seq");
    made.public_seq = as_visitor ? made.seq : number_of(shape, "public_seq");
    made.cid = text_of(shape, "cid");
    made.text = text_of(shape, "text");
    return made;
}

member::member(
    asio::io_context& io,
    std::shared_ptr<const crew_settings> how,
    history& into,
    std::string name,
    std::uint32_t seed
)
    : io_{io}, how_{std::move(how)}, history_{into}, random_{seed}, name_{std::move(name)}
{
}

void member::begin_writing()
{
    writing_ = is_writer();
    for (int open = static_cast<int>(waiting_.size()); writing_ && open < how_->window; ++open)
        ask_later();
}

client::role member::answers()
{
    client::role made;
    made.answered = [weak = weak_from_this()](const reply& got) {
        if (const auto self = weak.lock())
            self->answered(got);
    };
    return made;
}

void member::answered(const reply& got)
{
    if (!waiting_.contains(got.cid))
        return;
    if (!got.ok && got.retryable)
        return after(milliseconds{20}, [cid = got.cid](member& self) { self.ask(cid); });
    waiting_.erase(got.cid);
    frames_.erase(got.cid);
    history_.ended(got.cid, got.ok ? outcome::ok : outcome::fail, got.seq);
    if (writing_)
        ask_later();
}

void member::ask_later()
{
    after(milliseconds{random(0, how_->think_ms)}, [](member& self) { self.ask_next(); });
}

void member::ask_next()
{
    if (!writing_ || static_cast<int>(waiting_.size()) >= how_->window)
        return;
    operation what;
    what.cid = fresh_cid();
    what.writer = name_;
    json::object frame = question(what);
    if (frame.empty())
        return ask_later();
    history_.invoke(what);
    waiting_.insert(what.cid);
    frames_[what.cid] = std::move(frame);
    ask(what.cid);
}

void member::ask(const std::string& cid)
{
    if (const auto found = frames_.find(cid); found != frames_.end())
        client_->ask(cid, found->second);
}

void member::after(milliseconds wait, std::function<void(member&)> then)
{
    auto timer = std::make_shared<asio::steady_timer>(io_, wait);
    timer->async_wait([weak = weak_from_this(),
                       timer,
                       then = std::move(then)](boost::system::error_code stopped) {
        const auto self = weak.lock();
        if (!stopped && self)
            then(*self);
    });
}

} // namespace load
