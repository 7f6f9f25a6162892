// Erasing customers.
#include "crm/customer.hpp"
#include "crm/erasure.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/wire/json_text.hpp"

namespace gateway::rest {

namespace {

net::response erasure_answer(const crm::erasure& what)
{
    wire::json_text text;
    text.open_object()
        .member("customer", what.customer)
        .member("asked", what.asked)
        .member_if_set("done", what.done)
        .close_object();
    return json_answer(text.take());
}

} // namespace

answer erase_customer(call& at)
{
    const auto job = [by = at.acting(),
                      which = at.id<crm::customer_id>("id")](crm::transaction& tx) {
        auto now = by;
        return crm::erasures::begin(tx, now, which);
    };
    co_return erasure_answer(co_await at.in.store.write(job));
}

answer show_erasure(call& at)
{
    const auto job = [which = at.id<crm::customer_id>("id")](crm::db::connection& on) {
        const auto found = crm::erasures::find(on, crm::customers::root_of(on, which));
        if (!found)
            throw crm::problem{crm::errc::not_found, "Nobody asked to erase this customer."};
        return *found;
    };
    co_return erasure_answer(co_await at.in.store.read(job));
}

} // namespace gateway::rest
