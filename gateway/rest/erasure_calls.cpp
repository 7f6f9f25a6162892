// Erasing customers.
#include "crm/customer.hpp"
#include "crm/erasure.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/wire/json_text.hpp"

namespace gateway::rest {

namespace {

std::string erasure_text(const crm::erasure& what)
{
    wire::json_text text;
    text.open_object()
        .member("customer", what.customer)
        .member("asked", what.asked)
        .member_if_set("done", what.done)
        .close_object();
    return text.take();
}

} // namespace

answer erase_customer(call& at)
{
    const auto job = [which =
                          at.id<crm::customer_id>("id")](crm::transaction& tx, crm::context& by) {
        return erasure_text(crm::erasures::begin(tx, by, which));
    };
    co_return co_await write_once(at, 200, job);
}

answer show_erasure(call& at)
{
    const auto job = [which = at.id<crm::customer_id>("id")](crm::db::connection& on) {
        const auto found = crm::erasures::find(on, crm::customers::root_of(on, which));
        if (!found)
            throw crm::problem{crm::errc::not_found, "Nobody asked to erase this customer."};
        return *found;
    };
    co_return json_answer(erasure_text(co_await at.in.store.read(job)));
}

} // namespace gateway::rest
